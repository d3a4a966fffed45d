package org.dti4j.cli;

import java.nio.file.Path;
import org.dti4j.cli.config.HubEnvironment;
import org.dti4j.cli.terminal.Console;
import org.dti4j.hub.HubFetch;
import org.dti4j.hub.HubName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A checkpoint from the hub into its cache. */
@Command(
        name = "fetch",
        description = {
            "Fetches a model from the Hugging Face hub into its usual cache, where model.name: ORGANISATION/NAME finds it. Goes on where an "
                    + "earlier try ended, and checks every file's hash. Only safetensors, settings and tokenizer are fetched.",
            "HF_TOKEN, HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_HUB_OFFLINE, HTTPS_PROXY and NO_PROXY are understood."
        },
        footer = {
            "  dti model fetch HuggingFaceTB/SmolLM2-135M",
            "  HF_TOKEN=hf_… dti model fetch meta-llama/Llama-3.2-1B"
        })
final class ModelFetchVerb extends Verb {
    private final HubEnvironment environment;

    @Parameters(paramLabel = "NAME", description = "Name on the hub, ORGANISATION/NAME.")
    private String name;

    ModelFetchVerb(Console console, HubEnvironment environment) {
        super(console);
        this.environment = environment;
    }

    /** What {@code --json} prints. */
    private record Fetched(String name, String path) {}

    @Override
    Result run() {
        HubName wanted = new HubName(name);
        Path folder = new HubFetch(environment.settings(), console().progress()).fetch(wanted);
        return Result.done(new Fetched(wanted.full(), folder.toString()), folder + System.lineSeparator());
    }
}

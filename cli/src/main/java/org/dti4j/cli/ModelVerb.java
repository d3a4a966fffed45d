package org.dti4j.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dti4j.checkpoint.Checkpoints;
import org.dti4j.checkpoint.Inspection;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What can be done with checkpoints. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Fetches checkpoints and looks at them.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footerHeading = "%nExample:%n",
        footer = {"  dti model fetch HuggingFaceTB/SmolLM2-135M", "  dti model inspect checkpoints/SmolLM2-135M"})
final class ModelVerb implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "missing verb, must be one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** What a checkpoint holds. */
    @Command(
            name = "inspect",
            description =
                    "Says what a Hugging Face folder, a GGUF or safetensors file or a PEFT adapter holds, and whether it can be used.",
            footer = {
                "  dti model inspect checkpoints/SmolLM2-135M",
                "  dti model inspect ~/.cache/dti4j/SmolLM2-135M-Instruct.Q4_1.gguf"
            })
    static final class Inspect extends Verb {
        @Parameters(paramLabel = "PATH", description = "Folder or file of a checkpoint.")
        private Path path;

        Inspect(Console console) {
            super(console);
        }

        /** What {@code --json} prints. */
        private record Inspected(
                String path,
                String format,
                String architecture,
                @Nullable LlamaConfig config,
                int contextTokens,
                long parameters,
                long bytes,
                Map<String, Inspection.TensorCount> types,
                int files,
                String tokenizer,
                List<String> notes) {}

        @Override
        Result run() {
            Inspection found = Checkpoints.inspect(path);
            if (!found.problems().isEmpty()) {
                console().err().print(text(found));
                throw new UserException(found.problems());
            }
            return Result.done(
                    new Inspected(
                            found.path().toString(),
                            word(found.format()),
                            found.architecture(),
                            found.config(),
                            found.contextTokens(),
                            found.parameters(),
                            found.bytes(),
                            found.types(),
                            found.files(),
                            found.tokenizer(),
                            found.notes()),
                    text(found));
        }

        private static String text(Inspection found) {
            Table types = Table.of("stored as", "tensors", "elements", "MiB");
            found.types()
                    .forEach((type, count) -> types.row(
                            type.toLowerCase(Locale.ROOT),
                            number(count.tensors()),
                            number(count.elements()),
                            String.format(Locale.ROOT, "%,.1f", count.bytes() / 1048576.0)));
            StringBuilder text = new StringBuilder();
            text.append("%s: %s, %d file(s)%n".formatted(found.path(), word(found.format()), found.files()));
            LlamaConfig config = found.config();
            if (config != null) {
                text.append(shape(found.architecture(), config, found.contextTokens()));
            }
            text.append("tokenizer: %s%n%n%s".formatted(found.tokenizer(), types));
            found.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
            return text.toString();
        }

        private static String shape(String architecture, LlamaConfig config, int contextTokens) {
            return String.format(
                    Locale.ROOT,
                    "%s: %,d parameters, %d layers, width %,d, inner width %,d, %d heads of %d, %d key-value heads, vocabulary %,d, %s%n",
                    architecture,
                    config.parameters(),
                    config.layers(),
                    config.width(),
                    config.innerWidth(),
                    config.heads(),
                    config.headWidth(),
                    config.keyValueHeads(),
                    config.vocabulary(),
                    contextTokens == 0 ? "context unknown" : "context " + number(contextTokens) + " tokens");
        }

        private static String number(long value) {
            return String.format(Locale.ROOT, "%,d", value);
        }

        private static String word(Inspection.Format format) {
            return switch (format) {
                case HUGGING_FACE -> "Hugging Face folder";
                case GGUF -> "GGUF";
                case SAFETENSORS -> "safetensors";
                case PEFT -> "PEFT adapter";
            };
        }
    }
}

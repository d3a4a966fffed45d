package org.dti4j.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.dti4j.problem.Refusal;

/** Templates of prompts, as Jazzer makes them up ({@code scripts/fuzz TEMPLATE}): what is read can be filled in. */
public final class TemplateFuzz {
    private TemplateFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.UTF_8);
        Refusal.orSuccess(() -> {
            Template template = Template.parse("prompt.item", text);
            template.format(template.columns().stream().collect(Collectors.toMap(name -> name, name -> text)));
            template.format(template.columns().stream().collect(Collectors.toMap(name -> name, name -> "")));
        });
    }

    /** Writes what Jazzer begins with. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        Files.writeString(folder.resolve("seed-0"), "{title} ({genres}) [{brand}] {{brace}}");
    }
}

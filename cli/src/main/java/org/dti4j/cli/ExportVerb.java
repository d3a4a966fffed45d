package org.dti4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dti4j.cli.terminal.Console;
import org.dti4j.problem.UserException;
import org.dti4j.run.Export;
import org.dti4j.run.RunConfig;
import org.dti4j.run.RunFiles;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run's model for other programs. */
@Command(
        name = "export",
        description =
                "Writes what a run trained into a folder: the adapter as PEFT writes it, or, merged or where all weights were trained, "
                        + "a checkpoint as Hugging Face writes it, with tokenizer and configuration.",
        footer = {
            "  dti export runs/smollm2 --output adapter",
            "  dti export runs/smollm2 --output merged --merged --dtype bfloat16 --shard-size 2GB",
            "  dti export runs/smollm2 --output merged --merged --format gguf --dtype bfloat16"
        })
final class ExportVerb extends Verb {
    @Parameters(paramLabel = "RUN", description = "Folder of a finished run.")
    private Path run;

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "A new or empty folder.")
    private Path output;

    @Option(names = "--merged", description = "Fold the adapter into its base model.")
    private boolean merged;

    @Option(
            names = "--dtype",
            paramLabel = "bfloat16|float32",
            description = "How the weights of a checkpoint are stored (default: float32).")
    private @Nullable Precision dtype;

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            defaultValue = "5GB",
            description = "Size above which a checkpoint is cut into several files (default: ${DEFAULT-VALUE}).")
    private String shardSize = "5GB";

    @Option(
            names = "--format",
            paramLabel = "huggingface|gguf",
            defaultValue = "huggingface",
            description =
                    "What a checkpoint is written as (default: ${DEFAULT-VALUE}); gguf needs a base that is a GGUF file.")
    private String format = "huggingface";

    ExportVerb(Console console) {
        super(console);
    }

    /** What {@code --json} prints. */
    private record Exported(String output, String kind, List<String> files) {}

    @Override
    Result run() throws IOException {
        RunConfig config = RunFolder.config(run);
        RunFiles files = new RunFiles(run);
        if (dtype != null && !merged && Files.isDirectory(files.adapter())) {
            throw new UserException(
                    "--dtype = %s, must be given with --merged: adapters are stored in float32, as PEFT does"
                            .formatted(word(dtype)));
        }
        Precision precision = dtype == null ? Precision.FLOAT32 : dtype;
        Export.Kind kind = new Export(merged, precision, ByteSize.parse("--shard-size", shardSize), format(format))
                .write(config, files, output);
        List<String> written = names(output);
        return Result.done(
                new Exported(output.toString(), word(kind), written),
                "%s: %s (%s)%n".formatted(output, word(kind), String.join(", ", written)));
    }

    private static Export.Format format(String word) {
        return switch (word) {
            case "huggingface" -> Export.Format.HUGGING_FACE;
            case "gguf" -> Export.Format.GGUF;
            default -> throw new UserException("--format = %s, must be huggingface or gguf".formatted(word));
        };
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

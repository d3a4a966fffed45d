package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.dti4j.problem.Refusal;

/** Files of models, as Jazzer makes them up ({@code scripts/fuzz}). The property {@code dti.fuzz} names the format. */
public final class ParserFuzz {
    private static final int LONGEST_SEED = 10_000;

    private ParserFuzz() {}

    private static final class Target {
        static final Hostile.Format FORMAT = Hostile.Format.valueOf(System.getProperty("dti.fuzz", "SAFETENSORS"));
        static final Path FOLDER = Refusal.folder();
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        Refusal.orSuccess(() -> Target.FORMAT.read(data, Target.FOLDER));
    }

    /** Writes what Jazzer begins with. Arguments: the format, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        int number = 0;
        for (Hostile hostile :
                Stream.concat(HostileTensors.all(), HostileSettings.all()).toList()) {
            if (hostile.format() == Hostile.Format.valueOf(arguments[0]) && hostile.content().length < LONGEST_SEED) {
                Files.write(folder.resolve("seed-" + number++), hostile.content());
            }
        }
    }
}

package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Writes the malformed inputs as files, for Jazzer to begin with: {@code HostileSeeds FORMAT FOLDER}. */
public final class HostileSeeds {
    private HostileSeeds() {}

    public static void main(String[] arguments) throws IOException {
        Hostile.Format format = Hostile.Format.valueOf(arguments[0]);
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        int number = 0;
        for (Hostile hostile :
                Stream.concat(HostileTensors.all(), HostileSettings.all()).toList()) {
            if (hostile.format() == format && hostile.content().length < 10_000) {
                Files.write(folder.resolve("seed-" + number++), hostile.content());
            }
        }
    }
}

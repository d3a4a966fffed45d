package org.dti4j.cli;

import java.nio.file.Path;

/** Where the project lies. */
final class Home {
    private Home() {}

    /** The repository root, as the launcher says; the working directory without a launcher. */
    static Path folder() {
        return Path.of(System.getProperty("dti.root", "")).toAbsolutePath();
    }
}

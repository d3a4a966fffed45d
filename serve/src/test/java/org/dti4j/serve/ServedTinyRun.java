package org.dti4j.serve;

import java.nio.file.Path;
import org.dti4j.run.ClickScorer;

/** A server as a process of its own, which can be killed. */
final class ServedTinyRun {
    private ServedTinyRun() {}

    /** Arguments: the run folder, the file of users. Says its port. */
    public static void main(String[] arguments) {
        Path run = Path.of(arguments[0]);
        ServeConfig config = ServeConfig.defaults()
                .withListening(new Listening("127.0.0.1", 0, null, false, null))
                .withStore(Path.of(arguments[1]));
        ScoringServer server = ScoringServer.start(config, () -> ClickScorer.load(run, System::nanoTime));
        System.out.println("port " + server.port());
    }
}

package org.dti4j.run;

import java.nio.file.Path;
import java.time.Duration;
import org.dti4j.distribute.Collective;
import org.dti4j.distribute.Peers;
import org.dti4j.distribute.Rendezvous;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.train.Configs;

/** One of several processes that train one model: a run of more than 100 steps. */
final class TrainingPeer {
    private TrainingPeer() {}

    /** Arguments: run folder, threads, rank, number of peers, port, and {@code resume} to go on. */
    public static void main(String[] arguments) {
        int rank = Integer.parseInt(arguments[2]);
        int size = Integer.parseInt(arguments[3]);
        int port = Integer.parseInt(arguments[4]);
        Rendezvous rendezvous =
                new Rendezvous(rank, size, "127.0.0.1", port, Duration.ofSeconds(60), Duration.ofSeconds(3));
        try (Peers peers = Collective.of(System.getProperty("collective"), "collective")
                .over(rendezvous.meet("a run", System::nanoTime, () -> false))) {
            TinyRun.job(config(Path.of(arguments[0]), Integer.parseInt(arguments[1])))
                    .peers(peers)
                    .memory(estimate -> System.out.println(TinyRun.BEGINS))
                    .run(arguments.length > 5, () -> false);
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Every step is a few streams, each a micro-batch of its own. */
    static RunConfig config(Path out, int threads) {
        return TinyRun.config(out, threads)
                .with(tiny -> tiny.method(tiny.method().withTargets(new Targets(5)))
                        .train(Configs.plain()
                                .targetsPerStep(20)
                                .epochs(8)
                                .maxTargets(2040)
                                .learningRate(3e-4)
                                .warmup(0.05)
                                .clip(1)
                                .validateEvery(1000)
                                .saveEvery(500)
                                .validationTargets(20)
                                .seed(3)
                                .build()));
    }
}

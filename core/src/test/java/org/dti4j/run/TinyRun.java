package org.dti4j.run;

import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.dti4j.data.PreparedData;
import org.dti4j.data.SyntheticData;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.model.ModelConfig;
import org.dti4j.model.ModelConfig.PrecisionChoice;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.train.Configs;
import org.dti4j.train.TrainConfig;

/**
 * A run of seconds with all that a long one has: two epochs, validations, a state every third step. As a process of
 * its own it can be killed. Its clock counts how often it is asked, so that times too are the same in every run.
 */
public final class TinyRun {
    static final String BEGINS = "training begins";

    private TinyRun() {}

    /** Arguments: the run folder, and {@code resume} to go on. Ends with the status of the command line. */
    public static void main(String[] arguments) {
        try {
            job(Path.of(arguments[0]))
                    .memory(estimate -> System.out.println(BEGINS))
                    .notes(System.err::println)
                    .run(arguments.length > 1, () -> false);
        } catch (UserException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    /** Trains the run, into a folder that another module's tests may open. */
    public static void train(Path out) {
        job(out).run(false, () -> false);
    }

    /** The same by another method, which keeps the run's context. */
    public static void train(Path out, String method, long seed) {
        job(config(out)
                        .with(tiny -> tiny.method(Method.named(method)
                                        .withContext(tiny.method().context())
                                        .withTargets(tiny.method().targets()))
                                .train(training(1, seed))))
                .run(false, () -> false);
    }

    static TrainingJob job(Path out) {
        return job(config(out));
    }

    static TrainingJob job(RunConfig config) {
        return new TrainingJob(config, data(), host(), Progress.SILENT);
    }

    static Host host() {
        return new CountingHost();
    }

    /** What it is trained on. */
    public static PreparedData data() {
        return SyntheticData.of(5, 8, 30, 60);
    }

    static RunConfig config(Path out) {
        return config(out, 2);
    }

    static RunConfig config(Path out, int threads) {
        return RunConfig.defaults()
                .with(run -> run.method(Method.named("dti").withContext(4).withTargets(new Targets(10)))
                        .model(ModelConfig.defaults()
                                .with(model ->
                                        model.precision(PrecisionChoice.FLOAT32).threads(threads)))
                        .train(training(2, 3))
                        .evaluate(EvaluateConfig.defaults().withMaxTargets(30))
                        .out(out));
    }

    private static TrainConfig training(int epochs, long seed) {
        return Configs.plain()
                .targetsPerStep(20)
                .epochs(epochs)
                .learningRate(3e-3)
                .warmup(0.05)
                .clip(1)
                .validateEvery(200)
                .saveEvery(60)
                .validationTargets(20)
                .seed(seed)
                .build();
    }

    private static final class CountingHost implements Host {
        private final AtomicLong calls = new AtomicLong();

        @Override
        public long nanoTime() {
            return calls.incrementAndGet() * 1_000_000;
        }

        @Override
        public long peakResidentBytes() {
            return 0;
        }

        @Override
        public long memoryBytes() {
            return 0;
        }

        @Override
        public SortedMap<String, String> facts() {
            return new TreeMap<>();
        }
    }
}

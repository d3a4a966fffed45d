package org.dti4j.baseline;

import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.metric.Auc;
import org.dti4j.metric.Metrics;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.run.PlannedSteps;
import org.dti4j.run.RunConfig;
import org.dti4j.run.ScoredTargets;
import org.dti4j.tensor.Threads;
import org.dti4j.train.TrainConfig;
import org.dti4j.train.Trainer;

/** Trains baselines on a run's own targets; learning rate and width of embeddings are chosen on validation alone. */
public final class BaselineSearch {
    /** Validations per epoch: networks with an embedding per item overfit within few epochs. */
    private static final int VALIDATIONS = 4;

    private static final int PATIENCE = 4;
    private static final double WEIGHT_DECAY = 0.01;

    private final RunConfig config;
    private final PreparedData data;
    private final LongSupplier clock;
    private final Progress progress;
    private final ItemTable table;
    private final ExampleWriter writer;

    /** @param config of a run: its data, targets, context, epochs, targets per step and seed are taken, its budgets are not */
    public BaselineSearch(RunConfig config, PreparedData data, LongSupplier clock, Progress progress) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.progress = progress;
        Threads.use(config.model().threads());
        table = ItemTable.of(data.items());
        int context = config.method().context();
        writer = new ExampleWriter(data, table, context, context);
    }

    /**
     * The best of a search.
     *
     * @param width of embeddings; 0 for a model without
     * @param rate the highest learning rate
     * @param trained targets until training stopped
     */
    public record Found(
            BaselineModel model,
            int width,
            double rate,
            long trained,
            Metrics validation,
            Metrics test,
            ScoredTargets scored) {}

    /**
     * Trains a model with every width and rate.
     *
     * @throws UserException when there is nothing to train or validate on
     */
    public Found best(BaselineModel model, List<Integer> widths, List<Double> rates) {
        Found best = null;
        for (int width : model.embeds() ? widths : List.of(0)) {
            for (double rate : rates) {
                Found found = train(model, width, rate);
                if (best == null || found.validation().auc() > best.validation().auc()) {
                    best = found;
                }
            }
        }
        return Objects.requireNonNull(best, "at least one width and one rate");
    }

    private Found train(BaselineModel model, int width, double rate) {
        StreamPlan validation = plan(
                Part.VALIDATION,
                config.train().validationTargets(),
                config.train().seed());
        StreamPlan test = test();
        StreamPlan streams = plan(Part.TRAIN, 0, 0);
        if (validation.isEmpty()) {
            throw new UserException(
                    "there is no validation target to choose by, must be at least one (train.minContext)");
        }
        TrainConfig training = training(rate, streams.targets());
        try (Parameters parameters = new Parameters(config.train().seed())) {
            NetworkLearner learner = new NetworkLearner(
                    model.network(parameters, table, width, config.method().context()), parameters, writer);
            long trained = new Trainer(
                            training, learner, new PlannedSteps(streams, training, learner::tokens, 1), clock)
                    .progress(progress)
                    .validation(at -> auc(learner, validation))
                    .train()
                    .targets();
            ScoredTargets scored = new ScoredTargets(data, test, learner.score(test));
            return new Found(
                    model,
                    width,
                    rate,
                    trained,
                    metrics(learner, validation),
                    Metrics.of(scored.predictions(), config.evaluate().seed()),
                    scored);
        }
    }

    /** Whether another scored the very targets that the models are tested on, in the same order. */
    public boolean testsOn(ScoredTargets others) {
        StreamPlan test = test();
        return new ScoredTargets(data, test, new double[test.size()]).isOfSameTargets(others);
    }

    private StreamPlan test() {
        return plan(Part.TEST, config.evaluate().maxTargets(), config.evaluate().seed());
    }

    private Metrics metrics(NetworkLearner learner, StreamPlan targets) {
        return Metrics.of(
                new ScoredTargets(data, targets, learner.score(targets)).predictions(),
                config.evaluate().seed());
    }

    private double auc(NetworkLearner learner, StreamPlan targets) {
        double auc = Auc.of(new ScoredTargets(data, targets, learner.score(targets)).predictions())
                .value();
        return Double.isNaN(auc) ? 0 : auc; // one class only: nothing to choose by
    }

    /** The same targets as a run's, one to a stream. */
    private StreamPlan plan(Part part, int most, long seed) {
        TargetSet all = TargetSet.of(data, part, config.minContext());
        return StreamPlan.of(
                most == 0 ? all : all.sample(most, seed), config.method().context(), 1);
    }

    private TrainConfig training(double rate, long targets) {
        TrainConfig run = config.train();
        return new TrainConfig(
                run.targetsPerStep(),
                run.epochs(),
                0,
                0,
                rate,
                run.schedule(),
                run.warmup(),
                WEIGHT_DECAY,
                run.clip(),
                PATIENCE,
                Math.max(1, targets / VALIDATIONS),
                run.saveEvery(),
                run.validationTargets(),
                Math.max(run.targetsPerStep(), run.tokensPerMicroBatch()),
                run.minContext(),
                run.seed());
    }
}

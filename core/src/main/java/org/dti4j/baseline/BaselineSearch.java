package org.dti4j.baseline;

import java.util.ArrayList;
import java.util.List;
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
import org.dti4j.score.Baselines;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.score.EvaluateConfig.Draw;
import org.dti4j.tensor.Threads;
import org.dti4j.train.DivergedException;
import org.dti4j.train.TrainConfig;
import org.dti4j.train.Trainer;
import org.jspecify.annotations.Nullable;

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
    private final Baselines means;
    private final ExampleWriter writer;
    private @Nullable ExampleWriter pairsWriter; // made when first needed

    /** @param config of a run: its data, targets, context, epochs, targets per step and seed are taken, its budgets are not */
    public BaselineSearch(RunConfig config, PreparedData data, LongSupplier clock, Progress progress) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.progress = progress;
        Threads.use(config.model().threads());
        table = ItemTable.of(data.items());
        int context = config.method().context();
        means = Baselines.of(data);
        writer = new ExampleWriter(data, means, table, context, context);
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
     * Trains a model with every width and rate; one that diverges is out.
     *
     * @throws UserException when there is nothing to train or validate on, or when all diverge
     */
    public Found best(BaselineModel model, List<Integer> widths, List<Double> rates) {
        List<Found> found = new ArrayList<>();
        DivergedException diverged = null;
        for (int width : model.embeds() ? widths : List.of(0)) {
            for (double rate : rates) {
                try {
                    found.add(train(model, width, rate, config.train().seed()));
                } catch (DivergedException e) {
                    diverged = e;
                }
            }
        }
        if (found.isEmpty() && diverged != null) {
            throw diverged;
        }
        return found.stream()
                .reduce((best, each) ->
                        each.validation().auc() > best.validation().auc() ? each : best)
                .orElseThrow();
    }

    /** What was found, trained once more with another seed of order and initial weights; the targets stay. */
    public Found again(Found found, long seed) {
        return train(found.model(), found.width(), found.rate(), seed);
    }

    private Found train(BaselineModel model, int width, double rate, long seed) {
        StreamPlan validation = plan(Draw.TARGETS.from(
                targets(Part.VALIDATION),
                config.train().validationTargets(),
                config.train().seed()));
        StreamPlan test = test();
        StreamPlan streams = plan(targets(Part.TRAIN));
        if (validation.isEmpty()) {
            throw new UserException(
                    "there is no validation target to choose by, must be at least one (train.minContext)");
        }
        TrainConfig training = training(rate, streams.targets(), seed);
        try (Parameters parameters = new Parameters(seed)) {
            NetworkLearner learner = new NetworkLearner(
                    model.network(parameters, table, width, config.method().context()), parameters, writer(model));
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

    private ExampleWriter writer(BaselineModel model) {
        if (!model.pairs()) {
            return writer;
        }
        if (pairsWriter == null) {
            pairsWriter = writer.withPairs();
        }
        return pairsWriter;
    }

    /** Where the categories come from that all networks embed and SIM searches by, for people. */
    public String categories() {
        return table.source();
    }

    /** What counts alone say of the same data. */
    public Baselines means() {
        return means;
    }

    /** Whether another scored the very targets that the models are tested on, in the same order. */
    public boolean testsOn(ScoredTargets others) {
        StreamPlan test = test();
        return new ScoredTargets(data, test, new double[test.size()]).isOfSameTargets(others);
    }

    private StreamPlan test() {
        EvaluateConfig evaluate = config.evaluate();
        return plan(
                evaluate.drawFor(evaluate.layout()).from(targets(Part.TEST), evaluate.maxTargets(), evaluate.seed()));
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

    private TargetSet targets(Part part) {
        return TargetSet.of(data, part, config.minContext());
    }

    /** The same targets as a run's, one to a stream. */
    private StreamPlan plan(TargetSet targets) {
        return StreamPlan.of(targets, config.method().context(), 1);
    }

    private TrainConfig training(double rate, long targets, long seed) {
        TrainConfig run = config.train();
        return run.with(training -> training.maxTargets(0)
                .maxSeconds(0)
                .learningRate(rate)
                .weightDecay(WEIGHT_DECAY)
                .patience(PATIENCE)
                .validateEvery(Math.max(1, targets / VALIDATIONS))
                .tokensPerMicroBatch(Math.max(run.targetsPerStep(), run.tokensPerMicroBatch()))
                .shuffleHistories(false)
                .shuffleDistance(0)
                .seed(seed));
    }
}

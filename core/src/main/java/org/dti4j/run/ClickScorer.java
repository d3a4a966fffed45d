package org.dti4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.dti4j.data.Item;
import org.dti4j.data.ItemFile;
import org.dti4j.method.Targets;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.score.BranchScorer;
import org.dti4j.score.Interaction;
import org.dti4j.score.Pieces;
import org.dti4j.score.Query;
import org.dti4j.score.Scorer;
import org.jspecify.annotations.Nullable;

/**
 * A finished run that answers queries: what a service holds. Threads may share it; calls that run at the same time wait for each other
 * where memory would grow beyond a bound. It owns the model, and closes it when the calls under way have ended.
 */
public final class ClickScorer implements AutoCloseable {
    /** Requests whose keys and values are held at a time. */
    private static final int STREAMS_AT_ONCE = 16;

    private final ClickModel model;
    private final Catalogue catalogue;
    private final Scorer scorer;
    private final ItemStates.@Nullable Lease shared;
    private final @Nullable BranchScorer branches;
    private final @Nullable HistoryCache histories;
    private final int context;
    private final Semaphore passes;
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private ClickScorer(ClickModel model, List<Item> items, Kept kept, Progress progress) {
        this.model = model;
        RunConfig config = model.config();
        shared = model.sharedStates(kept.items());
        catalogue = new Catalogue(items, model.segments(), config.prompt().feedback(), progress);
        scorer = model.scorer(config.method().withTargets(new Targets(1)));
        branches = model.branchScorer(shared == null ? null : shared.states());
        histories = branches == null ? null : new HistoryCache(branches, catalogue, kept.historyBytes());
        context = config.method().context();
        passes = new Semaphore(model.workers(), true);
    }

    /**
     * Opens the folder of a finished run, which holds all that is needed (and names the checkpoint that an adapter belongs to).
     *
     * @param clock nanoseconds, for instance {@code System::nanoTime}, to choose the faster precision if the run left that open
     * @throws org.dti4j.problem.UserException if it is no such folder, or a damaged one
     */
    public static ClickScorer load(Path run, LongSupplier clock) {
        return load(run, clock, Kept.nothing());
    }

    /**
     * The same, where this process computes on another device than {@code model.device} says.
     *
     * @param device the run's own to the one here
     */
    public static ClickScorer load(Path run, UnaryOperator<String> device, LongSupplier clock) {
        return load(run, config -> config.withDevice(device.apply(config.model().device())), clock, Kept.nothing());
    }

    /** The same, with keys and values kept between calls. */
    public static ClickScorer load(Path run, LongSupplier clock, Kept kept) {
        return load(run, config -> config, clock, kept);
    }

    /**
     * The same, where this process is not as the one that trained: another device or number of threads, a checkpoint that lies elsewhere.
     *
     * @param here the run's own configuration to the one here, for instance {@code config -> config.withModel(config.model().withThreads(0))}
     * @throws org.dti4j.problem.UserException if the checkpoint lies elsewhere and is another one
     */
    public static ClickScorer load(Path run, UnaryOperator<RunConfig> here, LongSupplier clock, Kept kept) {
        RunFiles files = new RunFiles(run);
        RunConfig recorded = ScoringFiles.config(files);
        RunConfig config = here.apply(recorded);
        ClickScorer scorer = load(config, run, ItemFile.read(files.items()), clock, kept, Progress.SILENT);
        if (!config.model().name().equals(recorded.model().name())) {
            scorer.requireCheckpointOf(Provenance.read(files));
        }
        return scorer;
    }

    private void requireCheckpointOf(Provenance run) {
        try {
            run.requireCheckpoint(model.checkpointHash(), model.config().model().name());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Whether {@link #load(Path, LongSupplier)} can open a folder; runs of earlier versions need their configuration and catalogue. */
    public static boolean opens(Path run) {
        return ScoringFiles.in(new RunFiles(run));
    }

    /** Opens a run whose configuration and catalogue the caller has. */
    public static ClickScorer load(
            RunConfig config, Path run, List<Item> items, LongSupplier clock, Kept kept, Progress progress) {
        ClickModel model = ClickModel.load(config, run, clock);
        try {
            return new ClickScorer(model, items, kept, progress);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** The catalogue. */
    public List<Item> items() {
        return catalogue.items();
    }

    /** The item of the catalogue that has an id, if there is one; found without a search. */
    public Optional<Item> item(String id) {
        return catalogue.find(id);
    }

    /** Whether an id is in the catalogue. */
    public boolean has(String item) {
        return catalogue.has(item);
    }

    /** n: how many interactions before a candidate are read. */
    public int context() {
        return context;
    }

    /** The configuration that the run was trained with. */
    public RunConfig config() {
        return model.config();
    }

    /**
     * P(like) of each candidate, in their order.
     *
     * @param history oldest first
     * @throws org.dti4j.problem.UserException if the catalogue lacks an item
     */
    public double[] score(List<Interaction> history, List<String> candidates) {
        return score(List.of(new Query(history, candidates))).get(0);
    }

    /**
     * The same for several queries together: they share the cores, and k = 1 prompts share passes.
     *
     * @throws org.dti4j.problem.UserException if the catalogue lacks an item of any of them; {@link #check} tells of which
     */
    public List<double[]> score(List<Query> queries) {
        return score(queries, Pieces.WHOLE);
    }

    /**
     * The same in pieces, between which it can stop. The probabilities are the same to rounding, however many the pieces are.
     *
     * @throws java.util.concurrent.CancellationException if it was stopped
     */
    public List<double[]> score(List<Query> queries, Pieces pieces) {
        queries.forEach(this::check);
        return inTurn(() -> branches == null || histories == null
                ? PromptQueries.score(queries, scorer, catalogue, context, pieces)
                : byBranches(branches, histories, queries, pieces));
    }

    /** The prompts of a query, one for each candidate. */
    public PromptTokens prompts(Query query) {
        check(query);
        PromptVocabulary words = model.vocabulary();
        List<int[]> prompts = query.candidates().stream()
                .map(candidate -> catalogue.promptTokens(seen(query.history()), candidate, words.sum()))
                .toList();
        return new PromptTokens(prompts, words.yes(), words.no());
    }

    /** A user's session, which keeps keys and values; the caller closes it, before or after this. */
    public UserSession session() {
        return new UserSession(this, branches, catalogue);
    }

    /** Holds back {@link #close}. */
    <T> T whileOpen(Supplier<T> work) {
        closing.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the scorer is closed");
            }
            return work.get();
        } finally {
            closing.readLock().unlock();
        }
    }

    /** The same for a pass that takes a lot of memory: only as many at a time as there are cores. */
    <T> T inTurn(Supplier<T> pass) {
        return whileOpen(() -> {
            passes.acquireUninterruptibly();
            try {
                return pass.get();
            } finally {
                passes.release();
            }
        });
    }

    /** @throws org.dti4j.problem.UserException if the query cannot be scored */
    public void check(Query query) {
        catalogue.check(query);
    }

    /** Whether {@link #check} finds nothing wrong with a query: its items are of the catalogue, its ratings such as prompts can say. */
    public boolean answers(Query query) {
        return catalogue.problems(query).isEmpty();
    }

    /** Whether an interaction may stand in a history. */
    public boolean reads(Interaction interaction) {
        return answers(new Query(List.of(interaction), List.of()));
    }

    private List<double[]> byBranches(BranchScorer scoring, HistoryCache cache, List<Query> queries, Pieces pieces) {
        List<double[]> results = new ArrayList<>();
        int all = candidates(queries);
        for (int from = 0; from < queries.size(); from += STREAMS_AT_ONCE) {
            pieces.goOn();
            List<Query> some = queries.subList(from, Math.min(queries.size(), from + STREAMS_AT_ONCE));
            try (HistoryCache.Lease lease = cache.lease(
                    some.stream().map(query -> seen(query.history())).toList())) {
                List<BranchScorer.Request> requests = IntStream.range(0, some.size())
                        .mapToObj(i -> new BranchScorer.Request(
                                lease.stream(i), items(some.get(i).candidates())))
                        .toList();
                results.addAll(scoring.score(requests, pieces.of(candidates(some), all)));
            }
        }
        return results;
    }

    private static int candidates(List<Query> queries) {
        return queries.stream().mapToInt(query -> query.candidates().size()).sum();
    }

    /** Whether a query with this history would cost more than its candidates, since its keys and values are not kept. */
    public boolean mustRead(List<Interaction> history) {
        return histories != null && !history.isEmpty() && !histories.keeps(seen(history));
    }

    /** What became of the histories that were asked for. */
    public CacheUse cacheUse() {
        return histories == null ? CacheUse.NONE : histories.use();
    }

    /** Whether keys and values of items are kept for all users. */
    public boolean sharesItems() {
        return shared != null;
    }

    /** What became of the tokens of items that users share. */
    public ItemUse itemUse() {
        return shared == null ? ItemUse.NONE : ItemUse.of(shared.states().use());
    }

    List<int[]> items(List<String> candidates) {
        return candidates.stream().map(catalogue::item).toList();
    }

    /** What of a history is read. */
    List<Interaction> seen(List<Interaction> history) {
        return PromptQueries.last(history, context);
    }

    /** Waits for the calls under way, then frees the model. */
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                if (branches != null && histories != null) {
                    histories.close();
                    branches.close();
                }
                if (shared != null) {
                    shared.close();
                }
                model.close();
            }
        } finally {
            closing.writeLock().unlock();
        }
    }
}

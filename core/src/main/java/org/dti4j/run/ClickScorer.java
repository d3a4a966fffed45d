package org.dti4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.dti4j.data.Item;
import org.dti4j.data.ItemFile;
import org.dti4j.method.Targets;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.Prompt;
import org.dti4j.score.Interaction;
import org.dti4j.score.Query;
import org.dti4j.score.Scorer;

/**
 * A finished run that answers queries: what a service holds. Threads may share it; calls that run at the same time wait for each other
 * where memory would grow beyond a bound. It owns the model, and closes it when the calls under way have ended.
 */
public final class ClickScorer implements AutoCloseable {
    /** Prompts that are written at a time: bounds what a query of many candidates holds. */
    private static final int PROMPTS_AT_ONCE = 256;

    private final ClickModel model;
    private final Catalogue catalogue;
    private final Scorer scorer;
    private final int context;
    private final Semaphore passes;
    private final ReadWriteLock closing = new ReentrantReadWriteLock();
    private boolean closed;

    private ClickScorer(ClickModel model, List<Item> items, Progress progress) {
        this.model = model;
        RunConfig config = model.config();
        catalogue = new Catalogue(items, model.segments(), config.prompt().feedback(), progress);
        scorer = model.scorer(config.method().withTargets(new Targets(1)));
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
        RunFiles files = new RunFiles(run);
        return load(ScoringFiles.config(files), run, ItemFile.read(files.items()), clock, Progress.SILENT);
    }

    /** Whether {@link #load(Path, LongSupplier)} can open a folder; runs of earlier versions need their configuration and catalogue. */
    public static boolean opens(Path run) {
        return ScoringFiles.in(new RunFiles(run));
    }

    /** Opens a run whose configuration and catalogue the caller has. */
    public static ClickScorer load(
            RunConfig config, Path run, List<Item> items, LongSupplier clock, Progress progress) {
        ClickModel model = ClickModel.load(config, run, clock);
        try {
            return new ClickScorer(model, items, progress);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** The catalogue. */
    public List<Item> items() {
        return catalogue.items();
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
     * The same for several queries together: their prompts are packed into common passes, so that small ones cost little more than one.
     *
     * @throws org.dti4j.problem.UserException if the catalogue lacks an item of any of them; {@link #check} tells of which
     */
    public List<double[]> score(List<Query> queries) {
        queries.forEach(this::check);
        closing.readLock().lock();
        try {
            requireOpen();
            return split(queries, probabilities(queries));
        } finally {
            closing.readLock().unlock();
        }
    }

    /** @throws org.dti4j.problem.UserException if the query cannot be scored */
    public void check(Query query) {
        catalogue.check(query);
    }

    private double[] probabilities(List<Query> queries) {
        double[] all = new double
                [queries.stream().mapToInt(query -> query.candidates().size()).sum()];
        int done = 0;
        List<Prompt> prompts = new ArrayList<>();
        for (Query query : queries) {
            List<Interaction> seen = seen(query.history());
            for (String candidate : query.candidates()) {
                prompts.add(catalogue.prompt(seen, candidate));
                if (prompts.size() == PROMPTS_AT_ONCE) {
                    done = scoreInto(all, done, prompts);
                }
            }
        }
        scoreInto(all, done, prompts);
        return all;
    }

    private int scoreInto(double[] all, int done, List<Prompt> prompts) {
        if (prompts.isEmpty()) {
            return done;
        }
        passes.acquireUninterruptibly();
        try {
            double[] some = scorer.score(prompts);
            System.arraycopy(some, 0, all, done, some.length);
            prompts.clear();
            return done + some.length;
        } finally {
            passes.release();
        }
    }

    private List<Interaction> seen(List<Interaction> history) {
        return history.subList(Math.max(0, history.size() - context), history.size());
    }

    private static List<double[]> split(List<Query> queries, double[] all) {
        List<double[]> each = new ArrayList<>();
        int from = 0;
        for (Query query : queries) {
            int to = from + query.candidates().size();
            each.add(Arrays.copyOfRange(all, from, to));
            from = to;
        }
        return each;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the scorer is closed");
        }
    }

    /** Waits for the calls under way, then frees the model. */
    @Override
    public void close() {
        closing.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                model.close();
            }
        } finally {
            closing.writeLock().unlock();
        }
    }
}

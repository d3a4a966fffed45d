package org.dti4j.serve;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.score.Pieces;
import org.dti4j.score.Query;
import org.jspecify.annotations.Nullable;

/**
 * Puts queries of many requests into common batches. A batch begins with the first query that waits, and takes further ones until it is
 * large enough or the first has waited long enough. The queue is bounded, in number and in the time that its answers will take: what does
 * not fit is refused at once.
 */
final class Batcher implements AutoCloseable {
    private static final long IDLE_MILLIS = 100;

    /** A batch waits for more a 25th of what the last one took: clients that were just answered ask again, and share its passes. */
    private static final int GATHER_SHARE = 25;

    private static final long MOST_GATHER_NANOS = 50_000_000;

    private final Models models;
    private final int batchCandidates;
    private final long gatherNanos;
    private final Duration timeout;
    private final IntConsumer batchSize;
    private final IntConsumer leftOut;
    private final Runnable stopped;
    private final BlockingQueue<Pending> queue;
    private final Foresight foresight;
    private final Thread thread;
    private long lastNanos; // of a batch; the thread's own
    private volatile boolean closing;

    private record Pending(Asked asked, Foresight.Work work, BooleanSupplier gone, CompletableFuture<double[]> answer) {
        /** Whether anybody waits for the answer: it may have timed out in the queue, or its client may have left. */
        boolean wanted() {
            if (!answer.isDone() && gone.getAsBoolean()) {
                answer.completeExceptionally(new Problem(499, "Client left", "the connection ended before the answer"));
            }
            return !answer.isDone();
        }
    }

    /**
     * @param batchSize is told how many queries each batch has
     * @param leftOut is told how many interactions of a stored history the model could not read
     * @param stopped is told of each batch that ended early, since nobody waited for it any more
     */
    Batcher(Models models, ServeConfig.Batching config, IntConsumer batchSize, IntConsumer leftOut, Runnable stopped) {
        this.models = models;
        this.batchSize = batchSize;
        this.leftOut = leftOut;
        this.stopped = stopped;
        batchCandidates = config.candidates();
        gatherNanos = config.gather().toNanos();
        timeout = config.timeout();
        queue = new ArrayBlockingQueue<>(config.queue());
        foresight = new Foresight(timeout, System::nanoTime);
        thread = new Thread(this::work, "dti4j-batches");
        thread.start();
    }

    int waiting() {
        return queue.size();
    }

    /**
     * Queues a query.
     *
     * @param gone asked when its turn has come: whether nobody waits for the answer any more
     * @return its probabilities; fails with a {@code TimeoutException} after the configured time
     * @throws Problem if the queue is full or its answers would come too late, if this one would even by itself, or if the server stops
     */
    CompletableFuture<double[]> submit(Asked asked, BooleanSupplier gone) {
        CompletableFuture<double[]> answer = new CompletableFuture<>();
        boolean reads = models.with(scorer -> scorer.mustRead(asked.to(scorer).history()));
        Foresight.Work work = new Foresight.Work(asked.candidates().size(), reads ? 1 : 0);
        requireInTime(work);
        synchronized (queue) { // so that nothing is queued after the last batch
            if (closing) {
                throw new Problem(503, "Stopping", "the server stops and takes no further requests");
            }
            if (queue.remainingCapacity() == 0 || !foresight.admits(work)) {
                throw new Problem(429, "Too many requests", "%d requests wait already".formatted(queue.size()));
            }
            queue.add(new Pending(asked, work, gone, answer));
        }
        return answer.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void requireInTime(Foresight.Work work) {
        if (foresight.isTooMuch(work)) {
            throw new Problem(
                    413,
                    "Too much at once",
                    "%d candidates would take about %.3g s by what the last ones took, must take at most %.3g s (--timeout): ask for fewer at a time"
                            .formatted(work.candidates(), foresight.seconds(work), timeout.toNanos() / 1e9));
        }
    }

    private void work() {
        try {
            while (!(closing && queue.isEmpty())) {
                Pending first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    answer(batch(first));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Pending> batch(Pending first) throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        long candidates = 0;
        long end = System.nanoTime() + Math.max(gatherNanos, Math.min(MOST_GATHER_NANOS, lastNanos / GATHER_SHARE));
        @Nullable Pending next = first;
        while (next != null) {
            batch.add(next);
            candidates += next.work().candidates();
            next = candidates >= batchCandidates
                    ? null
                    : queue.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return batch;
    }

    private void answer(List<Pending> gathered) {
        List<Pending> batch = gathered.stream().filter(Pending::wanted).toList();
        if (!batch.isEmpty()) {
            batchSize.accept(batch.size());
            long start = System.nanoTime();
            try {
                models.with(scorer -> {
                    score(scorer, batch);
                    return true;
                });
                lastNanos = System.nanoTime() - start;
                foresight.took(work(batch), lastNanos);
            } catch (CancellationException e) { // all have their answer: that it came too late
                foresight.stopped(work(batch), System.nanoTime() - start);
                stopped.run();
            } catch (RuntimeException | Error e) { // of this batch alone; the thread goes on
                batch.forEach(pending -> pending.answer().completeExceptionally(e));
            }
        }
        foresight.leave(work(gathered));
    }

    private static Foresight.Work work(List<Pending> some) {
        return some.stream().map(Pending::work).reduce(Foresight.Work.NONE, Foresight.Work::and);
    }

    /** The model may have changed since a query was checked. */
    private void score(ClickScorer scorer, List<Pending> batch) {
        List<Pending> good = new ArrayList<>();
        List<Query> queries = new ArrayList<>();
        for (Pending pending : batch) {
            Asked asked = pending.asked();
            Query query = asked.to(scorer);
            try {
                scorer.check(query);
                good.add(pending);
                queries.add(query);
                leftOut.accept(
                        asked.past().interactions().size() - query.history().size());
            } catch (UserException e) {
                pending.answer().completeExceptionally(e);
            }
        }
        Pieces pieces =
                new Pieces(foresight.pieces(work(good)), () -> good.stream().anyMatch(Pending::wanted));
        List<double[]> scores = scores(scorer, queries, pieces);
        for (int i = 0; i < scores.size(); i++) {
            good.get(i).answer().complete(scores.get(i));
        }
    }

    /** Of queries that were checked: what is wrong now is the model, not what was asked. */
    private static List<double[]> scores(ClickScorer scorer, List<Query> queries, Pieces pieces) {
        try {
            return scorer.score(queries, pieces);
        } catch (UserException e) {
            throw new Problem(500, "Fault of the model", String.join("; ", e.problems()));
        }
    }

    /** Takes nothing more, answers what was taken. */
    @Override
    public void close() {
        synchronized (queue) {
            closing = true;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.dti4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.pytorch.global.torch;

/**
 * Threads that each run native operations on one core. Work that falls into independent parts is faster so than with every operation cut in
 * pieces: nobody waits for another's half of a product, and each core keeps its own data in its cache.
 */
public final class Workers implements AutoCloseable {
    private final int count;
    private final ExecutorService threads;

    private Workers(int count, ExecutorService threads) {
        this.count = count;
        this.threads = threads;
    }

    /** As many as libtorch uses threads ({@link Threads#use}). */
    public static Workers start() {
        int count = torch.get_num_threads();
        ExecutorService threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "dti4j-worker");
            thread.setDaemon(true);
            return thread;
        });
        Workers workers = new Workers(count, threads);
        workers.useOneCoreEach();
        return workers;
    }

    /**
     * libtorch keeps the number of threads per calling thread, and the last one set for threads that come later. A thread that asks for the
     * first time takes the process's number, whatever was set in it before: so each asks, then sets its own.
     */
    private void useOneCoreEach() {
        CountDownLatch all = new CountDownLatch(count);
        Callable<Boolean> one = () -> {
            torch.get_num_threads();
            torch.set_num_threads(1);
            all.countDown();
            all.await(); // so that each of the threads does it
            return true;
        };
        List<Callable<Boolean>> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            each.add(one);
        }
        invoke(each);
        torch.set_num_threads(count);
    }

    public int count() {
        return count;
    }

    /**
     * Runs tasks at the same time, at most {@link #count} of them; a single one in the calling thread, with all cores for each of its
     * operations.
     *
     * @return the results, in the order of the tasks
     */
    public <T> List<T> run(List<? extends Callable<T>> tasks) {
        if (tasks.size() != 1) {
            return invoke(tasks);
        }
        try {
            return List.of(tasks.get(0).call());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs tasks as {@link #run} does, each on one core even if it is the only one: for passes too small to be worth cutting in pieces. */
    public <T> List<T> runApart(List<? extends Callable<T>> tasks) {
        return invoke(tasks);
    }

    /** Native code knows no interrupt, and the caller may free what it reads: so all tasks have ended when this returns, whatever happens. */
    private <T> List<T> invoke(List<? extends Callable<T>> tasks) {
        List<Future<T>> futures = new ArrayList<>();
        for (Callable<T> task : tasks) {
            futures.add(threads.submit(task));
        }
        boolean interrupted = Thread.interrupted();
        for (Future<T> future : futures) {
            interrupted |= awaitDespiteInterrupts(future);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return futures.stream().map(Workers::result).toList();
    }

    /** Whether the calling thread was interrupted meanwhile. */
    private static boolean awaitDespiteInterrupts(Future<?> future) {
        boolean interrupted = false;
        while (!future.isDone()) {
            try {
                future.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                return interrupted; // told with the results
            }
        }
        return interrupted;
    }

    private static <T> T result(Future<T> done) {
        try {
            return done.get();
        } catch (InterruptedException e) {
            throw new AssertionError("it is done", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

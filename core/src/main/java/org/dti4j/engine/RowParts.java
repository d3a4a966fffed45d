package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Workers;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one pass, whole or in parts: what a layer does to each row by itself (norms, projections, feed-forward) is computed for several
 * parts at the same time, each on a core of its own. So a single prompt uses all cores, and better than by operations that libtorch cuts in
 * pieces, which wait for each other and leave what lies between them to one core (docs/performance.md).
 */
final class RowParts {
    /** Rows of a part at least: waking a thread for fewer costs what it gains. */
    private static final long LEAST_ROWS = 64;

    /** All rows at once, in the calling thread. */
    static final RowParts WHOLE = new RowParts(null);

    private final @Nullable Workers workers;

    private RowParts(@Nullable Workers workers) {
        this.workers = workers;
    }

    /**
     * Over all workers, if a processor computes: another device takes one operation after the other anyway.
     *
     * @param workers none of which makes the pass itself, or it would wait for its own turn
     */
    static RowParts over(Workers workers, Placement placement) {
        return workers.count() > 1 && placement.onProcessor() ? new RowParts(workers) : WHOLE;
    }

    /** How many parts there are at most. */
    int most() {
        return workers == null ? 1 : workers.count();
    }

    /**
     * Applies a function that treats each row by itself.
     *
     * @param inputs of N rows each
     * @param function from rows of each input to as many rows of each output; of a pass that records nothing, if there are several parts
     * @return outputs of N rows each
     */
    List<Tensor> map(List<Tensor> inputs, Function<List<Tensor>, List<Tensor>> function) {
        long rows = inputs.get(0).size(0);
        int parts = (int) Math.max(1, Math.min(most(), rows / LEAST_ROWS));
        if (parts == 1) {
            return function.apply(inputs);
        }
        List<List<Tensor>> outputs = apart(parts, part -> {
            long from = rows * part / parts;
            long count = rows * (part + 1) / parts - from;
            return function.apply(
                    inputs.stream().map(all -> all.narrow(0, from, count)).toList());
        });
        return IntStream.range(0, outputs.get(0).size())
                .mapToObj(output -> Tensors.join(
                        0, outputs.stream().map(part -> part.get(output)).toArray(Tensor[]::new)))
                .toList();
    }

    /** What is done to a part of many like things. */
    @FunctionalInterface
    interface Share {
        /** To those from {@code from} until before {@code end}. */
        void of(int from, int end);
    }

    /** Divides independent work. */
    void divide(int count, Share share) {
        int parts = Math.min(most(), count);
        if (parts <= 1) {
            share.of(0, count);
            return;
        }
        apart(parts, part -> {
            share.of(count * part / parts, count * (part + 1) / parts);
            return List.of();
        });
    }

    /** Each part on its core; the results are the calling scope's. */
    private List<List<Tensor>> apart(int parts, Function<Integer, List<Tensor>> work) {
        if (workers == null) {
            throw new IllegalStateException("there are no workers for %d parts".formatted(parts));
        }
        List<Callable<List<Tensor>>> tasks = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            int part = i;
            tasks.add(() -> {
                try (Scope scope = Scope.open();
                        NoGradGuard guard = new NoGradGuard()) {
                    List<Tensor> results = work.apply(part);
                    results.forEach(scope::own);
                    return results;
                }
            });
        }
        List<List<Tensor>> all = workers.runApart(tasks);
        all.forEach(results -> results.forEach(Scope::adopt));
        return all;
    }
}

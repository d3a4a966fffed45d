package org.dti4j.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA adapter as PEFT stores it. Reading gives tensors that the adapter owns, in memory of their own, so they can be trained; writing
 * takes tensors of any owner.
 *
 * @param rank r, of modules that have no other
 * @param alpha of modules that have no other
 * @param rankStabilised whether updates are scaled by alpha / √r, not by alpha / r
 * @param dropout on the adapter's input while training; for the record, it changes nothing in scoring
 * @param baseModel name or path of the base, or null
 * @param modules by path, for instance {@code model.layers.0.self_attn.q_proj}
 * @param tokenRows rows of the embedding that were trained, [D] each, by token id. They take the place of the base's rows, and where the
 *     head is tied to the embedding, of its rows too
 * @param whole weights that take the place of the base's, by name; PEFT's {@code modules_to_save}
 */
public record PeftAdapter(
        int rank,
        double alpha,
        boolean rankStabilised,
        double dropout,
        @Nullable String baseModel,
        Map<String, Pair> modules,
        SortedMap<Integer, Tensor> tokenRows,
        WholeWeights whole)
        implements AutoCloseable {
    /**
     * The adapter of one linear map: y = W x + scale · b (a x).
     *
     * @param a [r, in], float32
     * @param b [out, r], float32
     * @param scale alpha / r, or alpha / √r where the adapter is rank-stabilised
     */
    public record Pair(Tensor a, Tensor b, double scale) {}

    public PeftAdapter {
        modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
        tokenRows = Collections.unmodifiableSortedMap(new TreeMap<>(tokenRows));
    }

    /** An adapter that replaces no weights. */
    public PeftAdapter(
            int rank,
            double alpha,
            boolean rankStabilised,
            double dropout,
            @Nullable String baseModel,
            Map<String, Pair> modules,
            SortedMap<Integer, Tensor> tokenRows) {
        this(rank, alpha, rankStabilised, dropout, baseModel, modules, tokenRows, WholeWeights.NONE);
    }

    /** The scale that PEFT computes for a module. */
    static double scale(double alpha, double rank, boolean rankStabilised) {
        return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
    }

    /** The alpha that gives a module its scale. */
    double alphaOf(Pair pair) {
        double moduleRank = (double) pair.a().size(0);
        double exact = pair.scale() * (rankStabilised ? Math.sqrt(moduleRank) : moduleRank);
        double rounded = Math.rint(exact);
        return Math.abs(exact - rounded) <= 1e-9 * Math.abs(exact) ? rounded : exact;
    }

    /** Frees the tensors. */
    @Override
    public void close() {
        modules.values().forEach(pair -> {
            pair.a().close();
            pair.b().close();
        });
        tokenRows.values().forEach(Tensor::close);
        whole.tensors().values().forEach(Tensor::close);
    }
}

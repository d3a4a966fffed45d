package org.dti4j.lora;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code adapter} of a run's configuration.
 *
 * @param kind {@code lora}, or {@code none} to train all weights
 * @param rank r
 * @param alpha the update is scaled by alpha / r
 * @param dropout on the adapter's input, while training
 * @param modules the projections that get an adapter
 * @param path a PEFT adapter folder to start from, or null; rank, alpha and modules must be those of its file
 */
@RecordBuilder
public record AdapterConfig(
        Kind kind,
        int rank,
        double alpha,
        double dropout,
        List<String> modules,
        @Nullable Path path) implements AdapterConfigBuilder.With {
    /** All seven projections of a block, in the order in which they are computed. */
    public static final List<String> ALL_MODULES =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    /** What is trained. */
    public enum Kind {
        LORA,
        NONE
    }

    public AdapterConfig {
        modules = List.copyOf(modules);
        Set<String> unknown = new TreeSet<>(modules);
        ALL_MODULES.forEach(unknown::remove);
        Problems.in("adapter")
                .require(rank >= 1, "rank", rank, ">= 1")
                .require(alpha > 0, "alpha", alpha, "> 0")
                .require(dropout >= 0 && dropout < 1, "dropout", dropout, "in [0, 1)")
                .require(kind == Kind.NONE || !modules.isEmpty(), "modules", modules, "some of " + ALL_MODULES)
                .require(unknown.isEmpty(), "modules", unknown, "some of " + ALL_MODULES)
                .require(
                        kind == Kind.LORA || path == null,
                        "path",
                        path,
                        "null where adapter.kind = none: all weights are trained")
                .require(
                        kind == Kind.LORA || dropout == 0,
                        "dropout",
                        dropout,
                        "0 where adapter.kind = none: it is on an adapter's input")
                .throwIfAny();
    }

    /** LoRA of rank 8 on all seven projections, as the paper has it. */
    public static AdapterConfig defaults() {
        return AdapterConfigBuilder.builder()
                .kind(Kind.LORA)
                .rank(8)
                .alpha(16)
                .modules(ALL_MODULES)
                .build();
    }
}

package org.dti4j.method;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The switches of docs/method.md section 5, and the section {@code method} of a run's configuration. A name stands for a set of
 * switches; each switch can then be set by itself, for an ablation.
 *
 * @param name which named method the switches started from
 * @param context n, the interactions before a target that it may read
 * @param targets k, targets of one stream; 1 is the sliding-window layout
 * @param windowed whether a token of interaction a sees interactions a - n .. a only (section 3)
 * @param windowTokens the paper's simplification, a window of so many tokens instead of n interactions; 0 for interactions
 * @param isolatedItems whether stream tokens see only their own interaction and the prefix ({@code dti-isolated})
 * @param sumPosition how a [SUM] knows distance
 * @param sumHidden whether nothing but itself sees a [SUM]
 * @param sumConsumesPosition whether the token after a [SUM] stands one position further
 * @param alibiSlope per token of distance, before {@code alibiHeads}
 * @param alibiHeads how the slope differs by head
 * @param alibiPrefixDistance tokens of distance at which a [SUM] under ALiBi weighs prefix keys; 0 for no penalty on them
 * @param prefixAlways whether every token sees the prefix; otherwise only those of interactions 0 .. n do
 * @param prefixDistance tokens behind the prefix's end from which every query outside it scores prefix keys; null for the
 *     true distance
 * @param reset whether [SUM] queries read keys and values that are mixed with their initial states (section 4)
 * @param resetMin alpha_min, the share of the initial state of near interactions
 * @param resetMax alpha_max, that of far ones
 * @param resetTemperature tau, in interactions
 */
@RecordBuilder
public record Method(
        String name,
        int context,
        Targets targets,
        boolean windowed,
        int windowTokens,
        boolean isolatedItems,
        SumPosition sumPosition,
        boolean sumHidden,
        boolean sumConsumesPosition,
        double alibiSlope,
        AlibiHeads alibiHeads,
        double alibiPrefixDistance,
        boolean prefixAlways,
        @Nullable Double prefixDistance,
        boolean reset,
        double resetMin,
        double resetMax,
        double resetTemperature)
        implements MethodBuilder.With {

    /** How a [SUM] knows the distance of what it reads. */
    public enum SumPosition {
        /** No rotation on either side, and a linear bias. */
        ALIBI,
        /** An ordinarily rotated token. */
        ROPE
    }

    /** How the ALiBi slope differs by head h = 1 .. H. */
    public enum AlibiHeads {
        /** slope · 2^(-8h/H). */
        GEOMETRIC,
        /** The same for every head. */
        UNIFORM
    }

    /** The names that {@link #named} knows, in the order of docs/method.md section 5. */
    public static final List<String> NAMES =
            List.of("sliding-window", "dti-minus", "dti-minus-sink", "dti", "dti-rope", "dti-isolated");

    private static final int CONTEXT = 20;
    private static final Targets TARGETS = new Targets(50);
    private static final Targets ONE = new Targets(1);
    private static final double PREFIX_DISTANCE = 400;

    public Method {
        Problems.in("method")
                .require(NAMES.contains(name), "name", name, "one of " + NAMES)
                .require(context >= 1, "context", context, ">= 1")
                .require(
                        !name.equals("sliding-window") || targets.equals(ONE),
                        "targets",
                        targets,
                        "1 for sliding-window, which has one target per prompt")
                .require(windowTokens >= 0, "windowTokens", windowTokens, ">= 0")
                .require(alibiSlope >= 0, "alibiSlope", alibiSlope, ">= 0")
                .require(alibiPrefixDistance >= 0, "alibiPrefixDistance", alibiPrefixDistance, ">= 0")
                .require(
                        prefixDistance == null || prefixDistance >= 0,
                        "prefixDistance",
                        prefixDistance,
                        ">= 0, or null for the true distance")
                .require(resetMin >= 0 && resetMin <= 1, "resetMin", resetMin, "in [0, 1]")
                .require(resetMax >= resetMin && resetMax <= 1, "resetMax", resetMax, "in [resetMin, 1]")
                .require(resetTemperature > 0, "resetTemperature", resetTemperature, "> 0")
                .throwIfAny();
    }

    /** The named method with the paper's n = 20 and k = 50. */
    public static Method named(String name) {
        return switch (name) {
            case "sliding-window" ->
                ordinarySum(name)
                        .targets(ONE)
                        .windowed(false)
                        .prefixAlways(true)
                        .build();
            case "dti-minus" -> ordinarySum(name).build();
            case "dti-minus-sink" -> ordinarySum(name).prefixAlways(true).build();
            case "dti" -> probingSum(name).reset(true).build();
            case "dti-rope" -> probingSum(name).sumPosition(SumPosition.ROPE).build();
            case "dti-isolated" -> probingSum(name).isolatedItems(true).build();
            default -> throw new UserException("method.name = %s, must be one of %s".formatted(name, NAMES));
        };
    }

    /** [SUM] is an ordinary token: it takes up a position, and later tokens see it. */
    private static MethodBuilder ordinarySum(String name) {
        return streaming(name).sumPosition(SumPosition.ROPE).sumConsumesPosition(true);
    }

    /** [SUM] is a read-out probe: hidden, without a position of its own, the prefix at a fixed distance. */
    private static MethodBuilder probingSum(String name) {
        return streaming(name)
                .sumPosition(SumPosition.ALIBI)
                .sumHidden(true)
                .prefixAlways(true)
                .prefixDistance(PREFIX_DISTANCE);
    }

    /** What all have in common; what nobody names is 0 or false. */
    private static MethodBuilder streaming(String name) {
        return MethodBuilder.builder()
                .name(name)
                .context(CONTEXT)
                .targets(TARGETS)
                .windowed(true)
                .alibiSlope(1)
                .alibiHeads(AlibiHeads.GEOMETRIC)
                .resetMax(0.5)
                .resetTemperature(2);
    }

    /**
     * Whether [SUM] queries are computed apart from those of the stream: they see, weigh or mix keys as no other token does.
     */
    public boolean probes() {
        return sumHidden || sumPosition == SumPosition.ALIBI || reset;
    }

    /** Whether a stream's states depend on no [SUM], and a window is one of interactions: what follows a stream can then be computed apart from it. */
    public boolean hasStatesApart() {
        return windowed && windowTokens == 0 && prefixAlways && sumHidden && !sumConsumesPosition;
    }

    /**
     * Whether every target reads in a stream exactly what it would read in a sliding prompt of its own (section 6): interactions see
     * nothing but themselves and the prefix, and that at a fixed distance, so their states do not depend on where they stand.
     */
    public boolean isExact() {
        return hasStatesApart() && isolatedItems && prefixDistance != null;
    }

    /** alpha(d), the share of the initial state at a distance of d interactions (section 4). */
    public double resetRatio(int distance) {
        if (!reset || distance <= 0) {
            return 0;
        }
        double sigmoid = 1 / (1 + Math.exp(-(distance - context / 2.0) / resetTemperature));
        return resetMin + (resetMax - resetMin) * sigmoid;
    }

    /** The ALiBi slope of each of {@code heads} heads (section 3). */
    public double[] slopes(int heads) {
        double[] slopes = new double[heads];
        for (int head = 0; head < heads; head++) {
            slopes[head] = switch (alibiHeads) {
                case GEOMETRIC -> alibiSlope * Math.pow(2, -8.0 * (head + 1) / heads);
                case UNIFORM -> alibiSlope;
            };
        }
        return slopes;
    }
}

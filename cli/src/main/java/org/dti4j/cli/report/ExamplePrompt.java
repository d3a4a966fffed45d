package org.dti4j.cli.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real prompt, segment by segment in the order in which the model reads it.
 *
 * @param heading whose prompt it is, and which run scored it
 * @param segments the segments; a [SUM] follows the item that is its target
 */
public record ExamplePrompt(String heading, List<Segment> segments) {
    public ExamplePrompt {
        segments = List.copyOf(segments);
    }

    /** The kinds of segments (docs/method.md section 2). */
    public enum Kind {
        PREFIX,
        ITEM,
        FEEDBACK,
        SUM
    }

    /**
     * A segment.
     *
     * @param kind what it is
     * @param text as the model reads it
     * @param answer what was predicted at a [SUM] and what came; null for every other kind
     */
    public record Segment(Kind kind, String text, @Nullable Answer answer) {
        public Segment {
            if ((kind == Kind.SUM) != (answer != null)) {
                throw new IllegalArgumentException("a [SUM], and nothing else, has an answer: " + kind);
            }
        }

        public static Segment prefix(String text) {
            return new Segment(Kind.PREFIX, text, null);
        }

        public static Segment item(String text) {
            return new Segment(Kind.ITEM, text, null);
        }

        public static Segment feedback(String text) {
            return new Segment(Kind.FEEDBACK, text, null);
        }

        public static Segment sum(double probability, boolean label) {
            return new Segment(Kind.SUM, "[SUM]", new Answer(probability, label));
        }
    }

    /** What the model said of a target, and its label. */
    public record Answer(double probability, boolean label) {}
}

package org.dti4j.method;

import org.dti4j.problem.UserException;

/**
 * k, the number of targets of one stream; {@link #ALL} takes the rest of the user's history.
 *
 * @param count the number, {@code Integer.MAX_VALUE} for all
 */
public record Targets(int count) {
    public static final Targets ALL = new Targets(Integer.MAX_VALUE);

    public Targets {
        if (count < 1) {
            throw new UserException("method.targets = %d, must be >= 1 or all".formatted(count));
        }
    }

    /** Reads {@code "50"} or {@code "all"}. */
    public static Targets parse(String text) {
        if (text.strip().equalsIgnoreCase("all")) {
            return ALL;
        }
        try {
            return new Targets(Integer.parseInt(text.strip()));
        } catch (NumberFormatException e) {
            throw new UserException("method.targets = %s, must be a number >= 1 or all".formatted(text), e);
        }
    }

    @Override
    public String toString() {
        return equals(ALL) ? "all" : Integer.toString(count);
    }
}

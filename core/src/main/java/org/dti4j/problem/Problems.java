package org.dti4j.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects all problems of one part of the input, so that the user is told of them at once.
 *
 * <pre>{@code
 * Problems.in("method")
 *         .require(context >= 1, "context", context, ">= 1")
 *         .throwIfAny(); // method.context = 0, must be >= 1
 * }</pre>
 */
public final class Problems {
    private final String section;
    private final List<String> found = new ArrayList<>();

    private Problems(String section) {
        this.section = section;
    }

    /** A collector for one section of the configuration, whose name precedes each key. */
    public static Problems in(String section) {
        return new Problems(section);
    }

    /** Notes a problem unless {@code holds}. */
    public Problems require(boolean holds, String key, @Nullable Object value, String mustBe) {
        return holds ? this : add("%s.%s = %s, must be %s".formatted(section, key, value, mustBe));
    }

    /** Notes a problem in the caller's own words. */
    public Problems add(String problem) {
        found.add(problem);
        return this;
    }

    public List<String> found() {
        return List.copyOf(found);
    }

    /** Throws one {@link UserException} with all that was noted, if anything was. */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new UserException(found);
        }
    }
}

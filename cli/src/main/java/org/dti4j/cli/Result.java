package org.dti4j.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a verb found.
 *
 * @param json for scripts: maps, lists, records of plain values; printed by {@code --json} as one line
 * @param text for people, printed otherwise; null if there is nothing to say beyond the log
 * @param status of the process
 */
record Result(Object json, @Nullable String text, int status) {
    static Result done(Object json, String text) {
        return new Result(json, text, ExitStatus.DONE);
    }
}

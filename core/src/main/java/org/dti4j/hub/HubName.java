package org.dti4j.hub;

import java.util.regex.Pattern;
import org.dti4j.problem.UserException;

/**
 * A model on the hub, {@code organisation/name}.
 *
 * @param full as people write it
 */
public record HubName(String full) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}");

    public HubName {
        if (!isOne(full)) {
            throw new UserException(
                    "%s: must be the name of a model on the hub, such as HuggingFaceTB/SmolLM2-135M".formatted(full));
        }
    }

    /** Whether a text has the form of a name. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches() && !text.contains("..") && !text.contains("--");
    }

    /** The folder in the cache. */
    String folder() {
        return "models--" + full.replace("/", "--");
    }
}

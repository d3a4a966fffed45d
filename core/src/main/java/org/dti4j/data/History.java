package org.dti4j.data;

/** A user's interactions in the order of time (ties: by item). Interaction indices run from 0 to {@code size() - 1}. */
public interface History {
    /** The user's id in the log. */
    String user();

    int size();

    /** Index into the catalogue, {@link PreparedData#items()}. */
    int item(int interaction);

    /** The outcome: clicked or liked. */
    boolean label(int interaction);

    /** The rating that the label was made from, as it is written: 4.7 is 4.7, not the float nearest to it. */
    double rating(int interaction);

    /** Seconds since 1970. */
    long time(int interaction);

    Part part(int interaction);
}

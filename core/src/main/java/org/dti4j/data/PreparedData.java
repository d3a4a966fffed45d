package org.dti4j.data;

import java.util.List;

/** Prepared data: the catalogue and every user's history. */
public interface PreparedData {
    /** The catalogue, in the order of item indices. */
    List<Item> items();

    int users();

    /** The history of the user with index {@code user}, from 0 to {@code users() - 1}. */
    History history(int user);

    /** What the preparation counted: the numbers of the paper's Table 2, and what became of every row that was read. */
    Statistics statistics();

    /**
     * SHA-256, in hexadecimal, of the whole content: catalogue and histories, whatever files they came from. Equal data has an equal
     * hash, so that a run can state what it was trained on.
     */
    String hash();
}

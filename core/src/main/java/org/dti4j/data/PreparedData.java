package org.dti4j.data;

import java.util.List;

/** Prepared data: the catalogue and every user's history. */
public interface PreparedData {
    /** The catalogue, in the order of item indices. */
    List<Item> items();

    int users();

    /** The history of the user with index {@code user}, from 0 to {@code users() - 1}. */
    History history(int user);
}

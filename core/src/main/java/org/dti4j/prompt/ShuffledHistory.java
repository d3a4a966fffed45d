package org.dti4j.prompt;

import java.util.Random;
import org.dti4j.data.History;
import org.dti4j.data.Part;

/**
 * A history whose training interactions stand in a random order, those of later parts where they were. What a model learns from it about a
 * user and an item does not depend on what happened just before (docs/findings.md, "Shuffled histories").
 */
final class ShuffledHistory implements History {
    private final History history;
    private final int[] order; // which interaction stands at each of the first places

    private ShuffledHistory(History history, int[] order) {
        this.history = history;
        this.order = order;
    }

    /** @param distance each interaction stands nearer than this to its place in time; 0 for anywhere in the training part */
    static ShuffledHistory of(History history, long seed, int distance) {
        int training = 0;
        while (training < history.size() && history.part(training) == Part.TRAIN) {
            training++;
        }
        Random random = Shuffle.random(seed);
        return new ShuffledHistory(
                history, distance == 0 ? Shuffle.order(training, random) : Shuffle.nearby(training, distance, random));
    }

    private int at(int interaction) {
        return interaction < order.length ? order[interaction] : interaction;
    }

    @Override
    public String user() {
        return history.user();
    }

    @Override
    public int size() {
        return history.size();
    }

    @Override
    public int item(int interaction) {
        return history.item(at(interaction));
    }

    @Override
    public boolean label(int interaction) {
        return history.label(at(interaction));
    }

    @Override
    public double rating(int interaction) {
        return history.rating(at(interaction));
    }

    @Override
    public long time(int interaction) {
        return history.time(at(interaction));
    }

    @Override
    public Part part(int interaction) {
        return history.part(at(interaction));
    }
}

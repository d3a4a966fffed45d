package org.dti4j.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prepared data in flat arrays, 17 bytes per interaction. Users' interactions stand one after the other. */
final class ArrayData implements PreparedData {
    private final List<Item> items;
    private final List<String> users;
    /** Where each user's interactions begin, and where the last one's end. */
    private final int[] starts;

    private final int[] itemColumn;
    private final BitSet labelColumn;
    private final float[] ratingColumn;
    private final long[] timeColumn;
    private final byte[] partColumn;
    private final Statistics statistics;
    private @Nullable String hash;

    private ArrayData(Builder builder, Statistics statistics) {
        this.items = builder.items;
        this.users = List.copyOf(builder.users);
        this.starts = Arrays.copyOf(builder.starts, users.size() + 1);
        this.starts[users.size()] = builder.size;
        this.itemColumn = builder.itemColumn;
        this.labelColumn = builder.labelColumn;
        this.ratingColumn = builder.ratingColumn;
        this.timeColumn = builder.timeColumn;
        this.partColumn = builder.partColumn;
        this.statistics = statistics;
    }

    /** Takes interactions user by user, each user's in the order of time. */
    static final class Builder {
        private final List<Item> items;
        private final List<String> users = new ArrayList<>();
        private final int[] starts;
        private final int[] itemColumn;
        private final BitSet labelColumn;
        private final float[] ratingColumn;
        private final long[] timeColumn;
        private final byte[] partColumn;
        private int size;

        Builder(List<Item> items, int users, int interactions) {
            this.items = List.copyOf(items);
            this.starts = new int[users + 1];
            this.itemColumn = new int[interactions];
            this.labelColumn = new BitSet(interactions);
            this.ratingColumn = new float[interactions];
            this.timeColumn = new long[interactions];
            this.partColumn = new byte[interactions];
        }

        /** Begins the next user, whose interactions follow. */
        void user(String id) {
            starts[users.size()] = size;
            users.add(id);
        }

        void interaction(int item, boolean label, float rating, long time, Part part) {
            itemColumn[size] = Objects.checkIndex(item, items.size());
            labelColumn.set(size, label);
            ratingColumn[size] = rating;
            timeColumn[size] = time;
            partColumn[size] = part.code();
            size++;
        }

        ArrayData build(Statistics statistics) {
            if (size != itemColumn.length || users.size() != starts.length - 1) {
                throw new IllegalStateException("%d interactions of %d users came, %d of %d were announced"
                        .formatted(size, users.size(), itemColumn.length, starts.length - 1));
            }
            return new ArrayData(this, statistics);
        }
    }

    @Override
    public List<Item> items() {
        return items;
    }

    @Override
    public int users() {
        return users.size();
    }

    @Override
    public History history(int user) {
        Objects.checkIndex(user, users.size());
        return new Slice(user, starts[user], starts[user + 1] - starts[user]);
    }

    @Override
    public Statistics statistics() {
        return statistics;
    }

    @Override
    public synchronized String hash() {
        if (hash == null) {
            hash = ContentHash.of(this);
        }
        return hash;
    }

    /** The shortest decimal that the float stands for; wholes and halves, nearly all there are, are it already. */
    private static double written(float rating) {
        return rating * 2 == Math.rint(rating * 2) ? rating : Double.parseDouble(Float.toString(rating));
    }

    private final class Slice implements History {
        private final int user;
        private final int start;
        private final int size;

        Slice(int user, int start, int size) {
            this.user = user;
            this.start = start;
            this.size = size;
        }

        private int at(int interaction) {
            return start + Objects.checkIndex(interaction, size);
        }

        @Override
        public String user() {
            return users.get(user);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public int item(int interaction) {
            return itemColumn[at(interaction)];
        }

        @Override
        public boolean label(int interaction) {
            return labelColumn.get(at(interaction));
        }

        @Override
        public double rating(int interaction) {
            return written(ratingColumn[at(interaction)]);
        }

        @Override
        public long time(int interaction) {
            return timeColumn[at(interaction)];
        }

        @Override
        public Part part(int interaction) {
            return Part.of(partColumn[at(interaction)]);
        }
    }
}

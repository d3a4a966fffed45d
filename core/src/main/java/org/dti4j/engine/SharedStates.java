package org.dti4j.engine;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of tokens that depend on nothing but their own interaction and the prefix ({@code dti-isolated}, docs/method.md section 6):
 * computed once, then read by all users' streams and as candidates. Within a bound of bytes; the longest unused go first. Belongs to one
 * set of weights and one prefix. Threads may share it.
 */
public final class SharedStates implements AutoCloseable {
    private final TokenShape shape;
    private final TokenTable table;
    private final Consumer<String> notes;
    private final Map<TokenKey, Integer> places = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<Integer> free = new ArrayDeque<>();
    private final BitSet checked = new BitSet();
    private boolean writable = true;
    private long found;
    private long computed;
    private long damaged;

    private SharedStates(TokenShape shape, TokenTable table, Consumer<String> notes) {
        this.shape = shape;
        this.table = table;
        this.notes = notes;
        places.putAll(table.kept());
        BitSet taken = new BitSet();
        places.values().forEach(taken::set);
        for (int place = 0; place < table.places(); place++) {
            if (!taken.get(place)) {
                free.add(place);
            }
        }
    }

    /**
     * Kept as long as this is open.
     *
     * @param bytes at most
     */
    public static SharedStates inMemory(LlamaConfig config, Placement placement, long bytes) {
        TokenShape shape = TokenShape.of(config, placement);
        return new SharedStates(shape, TokenTable.inMemory(shape, places(shape, bytes)), note -> {});
    }

    /**
     * Kept in a file.
     *
     * @param file of these weights and this prefix alone
     * @param bytes of the file, at most
     * @param notes is told of what was damaged, and why no more is kept
     */
    public static SharedStates inFile(
            Path file, LlamaConfig config, Placement placement, long bytes, Consumer<String> notes) {
        TokenShape shape = TokenShape.of(config, placement);
        return new SharedStates(shape, TokenFile.open(file, shape, places(shape, bytes), notes), notes);
    }

    private static int places(TokenShape shape, long bytes) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(1, bytes / (shape.bytes() + TokenFile.RECORD)));
    }

    /**
     * What became of the tokens that were asked for.
     *
     * @param found that were kept
     * @param computed that were not
     * @param damaged whose checksum was wrong, and which were computed again
     * @param tokens that are kept now
     * @param bytes that they hold
     */
    public record Use(long found, long computed, long damaged, long tokens, long bytes) {}

    public synchronized Use use() {
        return new Use(found, computed, damaged, places.size(), places.size() * shape.bytes());
    }

    TokenShape shape() {
        return shape;
    }

    /**
     * Tokens of some interactions, one after the other.
     *
     * @param rowsEach rows of each interaction, at least: what is beyond its tokens repeats its first
     * @param reader computes the tokens of interactions that are not kept, one after the other
     * @return [N, L · 2 · KV · E], a copy
     */
    Tensor of(int[][] interactions, int rowsEach, Function<int[][], Tensor> reader) {
        TokenRequest request = new TokenRequest(interactions, rowsEach);
        Tensor gathered = lookUp(request);
        List<TokenRequest.Missing> missing = request.missing();
        if (missing.isEmpty()) {
            return gathered;
        }
        Tensor read =
                reader.apply(missing.stream().map(TokenRequest.Missing::ids).toArray(int[][]::new));
        keep(missing, read);
        return request.completed(gathered, read);
    }

    /** Copies under the lock: a place must not be written while it is read. */
    private synchronized Tensor lookUp(TokenRequest request) {
        long before = damaged;
        request.fill(this::place);
        if (damaged > before) {
            notes.accept("%d kept tokens are damaged and are computed again".formatted(damaged - before));
        }
        found += request.found();
        computed += request.computed();
        return request.gather(table.rows());
    }

    /** Of a kept token, looked at for damage when it is first used; null if it must be computed. */
    private @Nullable Integer place(TokenKey key) {
        Integer place = places.get(key);
        if (place == null || checked.get(place)) {
            return place;
        }
        if (table.holds(place, key)) {
            checked.set(place);
            return place;
        }
        places.remove(key);
        free.add(place);
        damaged++;
        return null;
    }

    /** An answer never depends on it: if the system refuses, what is kept stays, and no more is. */
    private synchronized void keep(List<TokenRequest.Missing> missing, Tensor read) {
        int first = 0;
        for (TokenRequest.Missing interaction : missing) {
            TokenKey[] keys = interaction.keys();
            for (int i = keys.length - 1; i >= 0 && writable; i--) {
                if (places.get(keys[i]) == null) {
                    write(keys[i], read, first + i);
                }
            }
            first += keys.length;
        }
    }

    private void write(TokenKey key, Tensor read, int row) {
        int place = free.isEmpty() ? evict() : free.remove();
        try (Scope scope = Scope.open()) {
            table.write(place, key, read.select(0, row));
            places.put(key, place);
            checked.set(place);
        } catch (UserException e) {
            writable = false;
            notes.accept(e.getMessage() + "; no more tokens are kept");
        }
    }

    /** Makes a place free. */
    private int evict() {
        Iterator<Integer> eldest = places.values().iterator();
        int place = eldest.next();
        eldest.remove();
        return place;
    }

    /** When nobody reads any more. */
    @Override
    public synchronized void close() {
        table.close();
    }
}

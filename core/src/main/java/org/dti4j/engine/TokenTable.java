package org.dti4j.engine;

import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.tensor.Scope;

/** Places for the keys and values of tokens, in memory or in a file. Not for threads to share. */
interface TokenTable extends AutoCloseable {
    /** How many tokens it has places for. */
    int places();

    /** [places, L · 2 · KV · E], to read only; what lies in a place that was not written is not said. */
    Tensor rows();

    /** What was kept before it was opened, by place. */
    Map<TokenKey, Integer> kept();

    /** Whether a place still holds what was written into it, when {@link #kept} said that it does. */
    boolean holds(int place, TokenKey key);

    /**
     * Writes a token over what was there.
     *
     * @param token [L · 2 · KV · E]
     * @throws org.dti4j.problem.UserException if the system refuses
     */
    void write(int place, TokenKey key, Tensor token);

    @Override
    void close();

    /** In memory, which the system gives when it is first written. */
    static TokenTable inMemory(TokenShape shape, int places) {
        try (Scope scope = Scope.open()) {
            Tensor rows = scope.own(torch.empty(
                    new long[] {places, shape.numbers()},
                    new TensorOptions(shape.precision().type()),
                    null));
            return new InMemory(rows);
        }
    }

    /** @param rows owned */
    record InMemory(Tensor rows) implements TokenTable {
        @Override
        public int places() {
            return Math.toIntExact(rows.size(0));
        }

        @Override
        public Map<TokenKey, Integer> kept() {
            return Map.of();
        }

        @Override
        public boolean holds(int place, TokenKey key) {
            return true;
        }

        @Override
        public void write(int place, TokenKey key, Tensor token) {
            try (Scope scope = Scope.open()) {
                rows.select(0, place).copy_(token);
            }
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}

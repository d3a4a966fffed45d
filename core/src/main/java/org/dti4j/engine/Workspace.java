package org.dti4j.engine;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Scope;

/**
 * Memory that the passes of one worker use again and again for what their tapes hold: taken piece after piece while a forward pass goes on, and
 * given back at once. Passes differ in length, so that asking the system each time would leave holes, and clear pages. All tensors of a
 * workspace have one element type.
 */
public final class Workspace implements AutoCloseable {
    private static final long CHUNK_ELEMENTS = 32L << 20;
    private static final long ALIGNMENT = 32; // elements

    private final List<Tensor> chunks = new ArrayList<>();
    private int chunk;
    private long used;

    /** A tensor of any content, of the type of {@code like}; valid until the next {@link #clear}. */
    Tensor empty(Tensor like, long... shape) {
        long elements = 1;
        for (long extent : shape) {
            elements *= extent;
        }
        Tensor from = chunkWith(elements, like);
        long start = used;
        used += (elements + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return from.narrow(0, start, elements).view(shape);
    }

    private Tensor chunkWith(long elements, Tensor like) {
        for (; chunk < chunks.size(); chunk++, used = 0) {
            if (used + elements <= chunks.get(chunk).size(0)) {
                return chunks.get(chunk);
            }
        }
        try (Scope scope = Scope.open()) {
            chunks.add(scope.own(like.new_empty(Math.max(CHUNK_ELEMENTS, elements))));
            return chunks.get(chunk);
        }
    }

    /** From now on, what was taken is overwritten. */
    void clear() {
        chunk = 0;
        used = 0;
    }

    @Override
    public void close() {
        chunks.forEach(Tensor::close);
        chunks.clear();
        clear();
    }
}

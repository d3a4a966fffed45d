package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.dti4j.model.LlamaConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a checkpoint holds, and what stands against using it.
 *
 * @param architecture as the file names it, for instance {@code llama}; empty where it does not
 * @param config the shape of the model, or null where it is not a model that can be read
 * @param contextTokens the longest distance between two tokens that the checkpoint was made for; 0 where that is unknown
 * @param types the tensors by the type in which they are stored
 * @param tokenizer in a line
 * @param notes what the user should know though it is no mistake
 * @param problems why it cannot be opened; empty if it can
 */
public record Inspection(
        Path path,
        Format format,
        String architecture,
        @Nullable LlamaConfig config,
        int contextTokens,
        Map<String, TensorCount> types,
        int files,
        String tokenizer,
        List<String> notes,
        List<String> problems) {
    /** The kinds of file that are known. */
    public enum Format {
        HUGGING_FACE,
        GGUF,
        SAFETENSORS,
        PEFT
    }

    /** How many tensors of one type there are, how many elements they have, and how many bytes they take. */
    public record TensorCount(int tensors, long elements, long bytes) {
        private static final TensorCount NONE = new TensorCount(0, 0, 0);

        TensorCount plus(long moreElements, long moreBytes) {
            return new TensorCount(tensors + 1, elements + moreElements, bytes + moreBytes);
        }
    }

    public Inspection {
        types = Collections.unmodifiableMap(new TreeMap<>(types));
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    /** Elements of all tensors; a tied head that is stored is counted. */
    public long parameters() {
        return types.values().stream().mapToLong(TensorCount::elements).sum();
    }

    /** Bytes of all tensors. */
    public long bytes() {
        return types.values().stream().mapToLong(TensorCount::bytes).sum();
    }

    static Map<String, TensorCount> count(Stream<StoredTensor> tensors) {
        Map<String, TensorCount> counts = new TreeMap<>();
        tensors.forEach(tensor -> add(counts, tensor.type().name(), tensor.elements(), tensor.bytes()));
        return counts;
    }

    static void add(Map<String, TensorCount> counts, String type, long elements, long bytes) {
        counts.merge(type, TensorCount.NONE.plus(elements, bytes), (known, one) -> known.plus(elements, bytes));
    }
}

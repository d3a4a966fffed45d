package org.dti4j.model;

import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.tensor.Precision;

/**
 * Where a model takes its weights from: a checkpoint on disk, or a random start. Names are those of Hugging Face's Llama files, for
 * instance {@code model.layers.0.self_attn.q_proj.weight}, with q and k in the half-split RoPE convention of those files.
 */
public interface Weights extends AutoCloseable {
    LlamaConfig config();

    /** All names that can be read. */
    Set<String> names();

    /**
     * Reads one tensor in the given precision; the caller owns it. It may lie in memory mapped from the file, so it is not written
     * to, and is closed before this is.
     *
     * @throws org.dti4j.problem.UserException if the checkpoint lacks it or it is damaged
     */
    Tensor read(String name, Precision precision);

    @Override
    void close();
}

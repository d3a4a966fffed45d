package org.dti4j.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import org.dti4j.problem.Problems;
import org.dti4j.tensor.Devices;

/**
 * The section {@code model} of a run's configuration.
 *
 * @param name {@code nano} for the embedded model, or the path of a Hugging Face folder or of a GGUF file
 * @param precision of weights and activations; {@code auto} measures at the start of training which is faster, and stays with it
 * @param device {@code cpu}, or {@code cuda:0} and so on
 * @param threads of native operators; 0 for as many as the machine has
 * @param nanoLayers layers of {@code nano}; a checkpoint has its own number
 * @param nanoHeads attention heads of each layer of {@code nano}, 32 wide whatever their number
 */
@RecordBuilder
public record ModelConfig(
        String name, PrecisionChoice precision, String device, int threads, int nanoLayers, int nanoHeads)
        implements ModelConfigBuilder.With {
    private static final int MOST_NANO_LAYERS = 32;
    private static final int MOST_NANO_HEADS = 32;

    /** How the precision is chosen. */
    public enum PrecisionChoice {
        AUTO,
        FLOAT32,
        BFLOAT16
    }

    public ModelConfig {
        Problems.in("model")
                .require(!name.isBlank(), "name", "\"\"", "nano, a Hugging Face folder or a GGUF file")
                .require(Devices.isName(device), "device", device, Devices.NAMES)
                .require(threads >= 0, "threads", threads, ">= 0")
                .require(
                        nanoLayers >= 1 && nanoLayers <= MOST_NANO_LAYERS,
                        "nanoLayers",
                        nanoLayers,
                        "1 to " + MOST_NANO_LAYERS)
                .require(
                        nanoHeads >= 1 && nanoHeads <= MOST_NANO_HEADS,
                        "nanoHeads",
                        nanoHeads,
                        "1 to " + MOST_NANO_HEADS)
                .throwIfAny();
    }

    public static ModelConfig defaults() {
        return ModelConfigBuilder.builder()
                .name("nano")
                .precision(PrecisionChoice.AUTO)
                .device("cpu")
                .nanoLayers(2)
                .nanoHeads(4)
                .build();
    }
}

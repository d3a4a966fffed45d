package org.dti4j.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;

/**
 * A safetensors file, opened for reading. Its whole header is checked at opening: sizes, places, types, names. Tensors are read one by
 * one; those stored in the wanted precision are views of mapped memory.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final TensorFile file;
    private final Map<String, StoredTensor> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(TensorFile file, SafetensorsHeader header) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(header.tensors());
        this.metadata = Collections.unmodifiableMap(header.metadata());
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws UserException if it cannot be read or is damaged; all problems at once
     */
    public static SafetensorsFile open(Path path) {
        TensorFile file = TensorFile.open(path);
        try {
            return new SafetensorsFile(file, SafetensorsHeader.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public Path path() {
        return file.path();
    }

    /** Names of the tensors, as the header orders them. */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** The header's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Reads one tensor in the given precision; the caller owns it and does not write to it.
     *
     * @throws UserException if the file lacks it, or its type is not one of F32, F16 and BF16
     */
    public Tensor read(String name, Precision precision) {
        StoredTensor stored = tensors.get(name);
        if (stored == null) {
            throw new UserException("%s: has no tensor %s".formatted(file.path(), name));
        }
        return read(stored, precision);
    }

    Tensor read(StoredTensor stored, Precision precision) {
        return file.read(stored, precision);
    }

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    long size() {
        return file.size();
    }

    @Override
    public void close() {
        file.close();
    }
}

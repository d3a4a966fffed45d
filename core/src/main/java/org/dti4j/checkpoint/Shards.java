package org.dti4j.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import tools.jackson.databind.JsonNode;

/** The tensors of a Hugging Face folder, from one {@code model.safetensors} or the many that an index lists. */
final class Shards implements AutoCloseable {
    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** A tensor and the file that it lies in. */
    record Located(SafetensorsFile file, StoredTensor stored) {
        Tensor read(Precision precision) {
            return file.read(stored, precision);
        }
    }

    private final Path folder;
    private final Map<String, SafetensorsFile> files = new TreeMap<>();
    private final Map<String, Located> tensors = new LinkedHashMap<>();

    private Shards(Path folder) {
        this.folder = folder;
    }

    static Shards open(Path folder) {
        Shards shards = new Shards(folder);
        try {
            if (Files.exists(folder.resolve(SINGLE))) {
                shards.openSingle();
            } else if (Files.exists(folder.resolve(INDEX))) {
                shards.openIndexed();
            } else {
                throw new UserException(noWeights(folder));
            }
            return shards;
        } catch (RuntimeException e) {
            shards.close();
            throw e;
        }
    }

    private static String noWeights(Path folder) {
        boolean pickle = Files.exists(folder.resolve("pytorch_model.bin"))
                || Files.exists(folder.resolve("pytorch_model.bin.index.json"));
        return pickle
                ? "%s: has pytorch_model.bin, must have %s or %s: a pickle can run code, so dti4j does not read it; save the model again with safe_serialization=True"
                        .formatted(folder, SINGLE, INDEX)
                : "%s: has no weights, must have %s or %s".formatted(folder, SINGLE, INDEX);
    }

    private void openSingle() {
        SafetensorsFile file = file(SINGLE);
        FileProblems problems = new FileProblems(file.path());
        file.tensors().values().forEach(stored -> add(file, stored, problems));
        problems.throwIfAny();
    }

    private void openIndexed() {
        Path index = folder.resolve(INDEX);
        FileProblems problems = new FileProblems(index);
        Map<String, JsonNode> places = JsonSettings.read(index, problems).properties("weight_map");
        problems.require(!places.isEmpty(), "weight_map is missing or empty");
        places.forEach((name, place) -> {
            String fileName = place.asString("");
            // a name, not a path: an index must not reach out of its folder
            if (!fileName.matches("[^/\\\\\\p{Cntrl}]+\\.safetensors")) {
                problems.add("weight_map.%s = %s, must be the name of a safetensors file in this folder"
                        .formatted(name, place));
            } else if (!Files.exists(folder.resolve(fileName))) {
                problems.add("weight_map.%s = %s, must be a file in this folder".formatted(name, fileName));
            } else {
                addIndexed(name, file(fileName), problems);
            }
        });
        problems.throwIfAny();
    }

    private void addIndexed(String name, SafetensorsFile file, FileProblems problems) {
        StoredTensor stored = file.tensors().get(name);
        if (stored == null) {
            problems.add("weight_map.%s: %s has no such tensor"
                    .formatted(name, file.path().getFileName()));
        } else {
            add(file, stored, problems);
        }
    }

    private void add(SafetensorsFile file, StoredTensor stored, FileProblems problems) {
        String name = withPrefix(stored.name());
        Located before = tensors.put(name, new Located(file, stored));
        problems.require(before == null, "tensor %s is there twice, with and without model. in front".formatted(name));
    }

    /** Some exports, of the bare decoder, lack the name of the module that holds it. */
    private static String withPrefix(String name) {
        boolean bare = name.startsWith("layers.") || name.startsWith("embed_tokens.") || name.startsWith("norm.");
        return bare ? "model." + name : name;
    }

    private SafetensorsFile file(String name) {
        return files.computeIfAbsent(name, key -> SafetensorsFile.open(folder.resolve(key)));
    }

    /** By the name with prefix. */
    Map<String, Located> tensors() {
        return tensors;
    }

    List<Path> paths() {
        return files.keySet().stream().map(folder::resolve).toList();
    }

    List<SafetensorsFile> files() {
        return new ArrayList<>(files.values());
    }

    @Override
    public void close() {
        files.values().forEach(SafetensorsFile::close);
    }
}

package org.dti4j.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which tensor goes into which file of a checkpoint: in order, a new file where the last would grow above the limit, as Hugging Face does.
 *
 * @param files tensors by file, with their shapes
 * @param bytes of all tensors
 */
record ShardPlan(Map<String, Map<String, List<Long>>> files, long bytes) {
    static ShardPlan of(Map<String, List<Long>> shapes, StoredType type, long limit) {
        List<Map<String, List<Long>>> shards = new ArrayList<>();
        long total = 0;
        long filled = 0;
        for (Map.Entry<String, List<Long>> tensor : shapes.entrySet()) {
            long bytes = type.bytes(tensor.getValue());
            if (shards.isEmpty() || (filled > 0 && filled + bytes > limit)) {
                shards.add(new LinkedHashMap<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).put(tensor.getKey(), tensor.getValue());
            filled += bytes;
            total += bytes;
        }
        Map<String, Map<String, List<Long>>> files = new LinkedHashMap<>();
        for (int i = 0; i < shards.size(); i++) {
            files.put(name(i, shards.size()), shards.get(i));
        }
        return new ShardPlan(files, total);
    }

    private static String name(int index, int count) {
        return count == 1 ? Shards.SINGLE : "model-%05d-of-%05d.safetensors".formatted(index + 1, count);
    }

    boolean needsIndex() {
        return files.size() > 1;
    }

    /** The content of {@code model.safetensors.index.json}. */
    ObjectNode index() {
        ObjectNode json = JsonSettings.JSON.createObjectNode();
        json.putObject("metadata").put("total_size", bytes);
        ObjectNode map = json.putObject("weight_map");
        files.forEach((file, tensors) -> tensors.keySet().forEach(name -> map.put(name, file)));
        return json;
    }
}

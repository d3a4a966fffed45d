package org.dti4j.run;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.file.Checksum;
import org.dti4j.lora.Lora;
import org.dti4j.model.Llama;
import org.dti4j.tensor.Scope;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What keys and values of a model's tokens depend on, besides the tokens' ids: the numbers that are in memory, adapters and trained rows among
 * them, not the files that they came from, which may have changed since; the shape; the precision; the method; the prefix.
 */
final class WeightsFingerprint {
    private static final int AT_ONCE = 1 << 24;

    private WeightsFingerprint() {}

    /** SHA-256, in hexadecimal. */
    static String of(ClickModel model, @Nullable Lora lora) {
        MessageDigest digest = Checksum.sha256();
        update(digest, model.llama().config().toString());
        update(digest, model.llama().placement().toString());
        update(digest, JsonMapper.shared().writeValueAsString(model.config().method()));
        update(digest, JsonMapper.shared().writeValueAsString(model.config().prompt()));
        for (int id : model.segments().prefix()) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(id).flip());
        }
        Map<String, Tensor> numbers = new TreeMap<>(model.llama().weights());
        model.parameters().forEach(numbers::putIfAbsent);
        for (Map.Entry<String, Tensor> entry : numbers.entrySet()) {
            update(digest, entry.getKey());
            update(digest, entry.getValue());
            if (lora != null && entry.getKey().endsWith(Lora.A)) {
                String path = entry.getKey().substring(0, entry.getKey().length() - Lora.A.length());
                update(digest, "scale " + lora.scale(path));
            }
        }
        Llama.TrainedRows rows = model.llama().trainedRows();
        update(digest, rows == null ? "" : Arrays.toString(rows.ids().toArray()));
        return Checksum.hex(digest);
    }

    private static void update(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static void update(MessageDigest digest, Tensor tensor) {
        try (Scope scope = Scope.open()) {
            Tensor plain = tensor.detach().cpu().contiguous();
            long bytes = plain.numel() * plain.element_size();
            for (long at = 0; at < bytes; at += AT_ONCE) {
                long count = Math.min(AT_ONCE, bytes - at);
                digest.update(new BytePointer(plain.data_ptr())
                        .position(at)
                        .limit(at + count)
                        .asByteBuffer());
            }
        }
    }
}

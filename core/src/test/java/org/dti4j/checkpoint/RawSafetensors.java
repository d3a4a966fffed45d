package org.dti4j.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Safetensors files made and read by hand, without the code under test. */
final class RawSafetensors {
    private RawSafetensors() {}

    /** Writes a header, whatever it says, and as many zeros as data. */
    static Path write(Path file, String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return write(file, json.length, json, new byte[dataBytes]);
    }

    static Path write(Path file, long announced, byte[] json, byte[] data) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(announced).put(json).put(data);
        try {
            return Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The header of a file. */
    static JsonNode header(Path file) {
        ByteBuffer bytes = bytes(file);
        byte[] json = new byte[Math.toIntExact(bytes.getLong(0))];
        bytes.position(8).get(json);
        return JsonMapper.shared().readTree(json);
    }

    /** The values of a tensor of type F32 or BF16. */
    static float[] floats(Path file, String name) {
        ByteBuffer bytes = bytes(file);
        JsonNode entry = header(file).path(name);
        int start = Math.toIntExact(8 + bytes.getLong(0))
                + entry.at("/data_offsets/0").intValue();
        int length = entry.at("/data_offsets/1").intValue()
                - entry.at("/data_offsets/0").intValue();
        boolean half = entry.path("dtype").stringValue().equals("BF16");
        float[] values = new float[length / (half ? 2 : 4)];
        for (int i = 0; i < values.length; i++) {
            values[i] =
                    half ? Float.intBitsToFloat(bytes.getShort(start + 2 * i) << 16) : bytes.getFloat(start + 4 * i);
        }
        return values;
    }

    private static ByteBuffer bytes(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.dti4j.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dti4j.problem.UserException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the header of a safetensors file: eight bytes of length, then JSON that says of each tensor its type, shape and place. Everything
 * is checked against the size of the file before anything is taken from it.
 */
final class SafetensorsHeader {
    /** As in the format's own implementation. */
    static final long MAX_HEADER = 100_000_000;

    private static final int MAX_DIMENSIONS = 16;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final TensorFile file;
    private final long dataStart;
    private final FileProblems problems;
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(TensorFile file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
        this.problems = new FileProblems(file.path());
    }

    static SafetensorsHeader read(TensorFile file) {
        if (file.size() < 8) {
            throw damaged(file, "has %d bytes, a safetensors file has a header of at least 8".formatted(file.size()));
        }
        ByteBuffer start = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        file.read(start, 0);
        long length = start.getLong(0);
        long limit = Math.min(MAX_HEADER, file.size() - 8);
        if (length < 2 || length > limit) {
            throw damaged(
                    file,
                    "says its header has %s bytes, must be 2 to %d; the file is cut off or is no safetensors file"
                            .formatted(Long.toUnsignedString(length), limit));
        }
        ByteBuffer json = ByteBuffer.allocate((int) length);
        file.read(json, 8);
        SafetensorsHeader header = new SafetensorsHeader(file, 8 + length);
        header.parse(json.array());
        header.checkPlaces();
        header.problems.throwIfAny();
        return header;
    }

    Map<String, StoredTensor> tensors() {
        return tensors;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    private void parse(byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                expect(
                        parser.nextToken() == JsonToken.START_OBJECT,
                        "header entry %s is not an object".formatted(name));
                if (name.equals("__metadata__")) {
                    parseMetadata(parser);
                } else {
                    parseTensor(name, parser);
                }
            }
            expect(parser.nextToken() == null, "the header goes on after its JSON object");
        } catch (JacksonException e) {
            throw new UserException(
                    "%s: the header is not valid JSON: %s".formatted(file.path(), e.getOriginalMessage()), e);
        }
    }

    private void parseMetadata(JsonParser parser) {
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            expect(parser.nextToken() == JsonToken.VALUE_STRING, "__metadata__.%s is not a string".formatted(key));
            metadata.put(key, parser.getString());
        }
    }

    private void parseTensor(String name, JsonParser parser) {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String key = parser.nextName(); key != null; key = parser.nextName()) {
            parser.nextToken();
            switch (key) {
                case "dtype" -> {
                    expect(
                            parser.currentToken() == JsonToken.VALUE_STRING,
                            "tensor %s: dtype is not a string".formatted(name));
                    type = parser.getString();
                }
                case "shape" -> shape = parseNumbers(name, parser, MAX_DIMENSIONS);
                case "data_offsets" -> offsets = parseNumbers(name, parser, 2);
                default -> throw damaged(file, "tensor %s has an unknown field %s".formatted(name, key));
            }
        }
        expect(
                type != null && shape != null && offsets != null,
                "tensor %s lacks dtype, shape or data_offsets".formatted(name));
        if (type != null && shape != null && offsets != null) {
            expect(offsets.size() == 2, "tensor %s has %d data_offsets, must be 2".formatted(name, offsets.size()));
            add(name, type, shape, offsets.get(0), offsets.get(1));
        }
    }

    private List<Long> parseNumbers(String name, JsonParser parser, int most) {
        String field = parser.currentName();
        expect(parser.isExpectedStartArrayToken(), "tensor %s: %s is not an array".formatted(name, field));
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(
                    parser.isExpectedNumberIntToken() && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
                    "tensor %s: %s has an element that is not an integer of 64 bits".formatted(name, field));
            numbers.add(parser.getLongValue());
            expect(numbers.size() <= most, "tensor %s: %s has more than %d numbers".formatted(name, field, most));
        }
        return numbers;
    }

    private void add(String name, String typeName, List<Long> shape, long begin, long end) {
        Optional<StoredType> type = StoredType.named(typeName);
        if (type.isEmpty()) {
            problems.add("tensor %s has the unknown type %s".formatted(name, typeName));
            return;
        }
        long dataBytes = file.size() - dataStart;
        if (begin < 0 || end < begin || end > dataBytes) {
            problems.add("tensor %s lies at bytes %d to %d of %d; the file is cut off or damaged"
                    .formatted(name, begin, end, dataBytes));
            return;
        }
        if (shape.stream().anyMatch(dimension -> dimension < 0)) {
            problems.add("tensor %s has the shape %s, no dimension may be negative".formatted(name, shape));
            return;
        }
        try {
            long needed = type.get().bytes(shape);
            problems.require(
                    needed == end - begin,
                    "tensor %s has %d bytes, must be %d for %s%s"
                            .formatted(name, end - begin, needed, typeName, shape));
        } catch (ArithmeticException e) {
            problems.add("tensor %s has the impossible size %s%s".formatted(name, typeName, shape));
        }
        tensors.put(name, new StoredTensor(name, type.get(), shape, dataStart + begin, end - begin));
    }

    /** The format has neither overlaps nor holes, so that a file has one meaning only. */
    private void checkPlaces() {
        if (!problems.found().isEmpty()) {
            return;
        }
        List<StoredTensor> inOrder = new ArrayList<>(tensors.values());
        inOrder.sort(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::end));
        long reached = dataStart;
        for (StoredTensor tensor : inOrder) {
            problems.require(
                    tensor.offset() == reached,
                    "tensor %s %s"
                            .formatted(
                                    tensor.name(),
                                    tensor.offset() < reached ? "overlaps another" : "lies behind a gap"));
            reached = tensor.end();
        }
        problems.require(
                reached == file.size(),
                "has %d bytes that belong to no tensor at its end".formatted(file.size() - reached));
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw damaged(file, otherwise);
        }
    }

    private static UserException damaged(TensorFile file, String what) {
        return new UserException(file.path() + ": " + what);
    }
}

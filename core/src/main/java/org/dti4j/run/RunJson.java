package org.dti4j.run;

import java.util.Optional;
import org.dti4j.problem.UserException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON of a run folder. A number that the data do not determine, NaN here, is null there: JSON has no other word for it. */
public final class RunJson {
    private static final JsonMapper LINES = builder().build();
    private static final JsonMapper PAGES =
            builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private RunJson() {}

    private static JsonMapper.Builder builder() {
        SimpleModule numbers = new SimpleModule()
                .addSerializer(double.class, new Writer())
                .addSerializer(Double.class, new Writer())
                .addDeserializer(double.class, new Reader());
        return JsonMapper.builder().addModule(numbers);
    }

    /** One object on one line, its end included. */
    public static String line(Object value) {
        return LINES.writeValueAsString(value) + "\n";
    }

    static String page(Object value) {
        return PAGES.writeValueAsString(value) + "\n";
    }

    /**
     * Reads an object.
     *
     * @param where it stands, for the message
     * @param what it must be, for the message, such as {@code metrics.json}
     * @throws UserException if the text holds no such object
     */
    static <T> T read(String where, String what, String json, Class<T> type) {
        try {
            Optional<T> value = Optional.ofNullable(LINES.readValue(json, type));
            return value.orElseThrow(
                    () -> new UserException("%s: is not the %s of a run: it says null".formatted(where, what)));
        } catch (JacksonException e) {
            throw new UserException("%s: is not the %s of a run: %s".formatted(where, what, e.getOriginalMessage()), e);
        }
    }

    private static final class Writer extends ValueSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator generator, SerializationContext context) {
            if (Double.isFinite(value)) {
                generator.writeNumber(value);
            } else {
                generator.writeNull();
            }
        }
    }

    private static final class Reader extends ValueDeserializer<Double> {
        @Override
        public Double deserialize(JsonParser parser, DeserializationContext context) {
            return parser.getDoubleValue();
        }

        @Override
        public Double getNullValue(DeserializationContext context) {
            return Double.NaN;
        }
    }
}

package org.dti4j.run;

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

    static <T> T read(String json, Class<T> type) {
        return LINES.readValue(json, type);
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

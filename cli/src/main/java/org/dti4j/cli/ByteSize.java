package org.dti4j.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dti4j.problem.UserException;

/** Sizes on the command line, as Hugging Face writes them: {@code 5GB} is 5 · 10⁹ bytes, {@code 5GiB} 5 · 2³⁰. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)\\s*([kmgt]i?b)");
    private static final String POWERS = " kmgt";

    private ByteSize() {}

    static long parse(String option, String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!size.matches()) {
            throw new UserException("%s = %s, must be a size such as 5GB or 500MB".formatted(option, text));
        }
        String unit = size.group(2);
        BigDecimal factor = BigDecimal.valueOf(unit.contains("i") ? 1024 : 1000).pow(POWERS.indexOf(unit.charAt(0)));
        return new BigDecimal(size.group(1)).multiply(factor).longValue();
    }
}

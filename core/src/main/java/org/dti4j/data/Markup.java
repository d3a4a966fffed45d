package org.dti4j.data;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes HTML out of texts: tags, whole or cut off, and entities. */
final class Markup {
    private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][a-zA-Z0-9]*(\\s[^<>]*)?/?>");
    private static final Pattern CUT_OFF_TAG = Pattern.compile("</?[a-zA-Z][a-zA-Z0-9]*(\\s[^<>]*)?$");
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});");
    private static final Map<String, Integer> NAMED = named();

    private Markup() {}

    static String plain(String text) {
        if (text.indexOf('<') < 0 && text.indexOf('&') < 0) {
            return text;
        }
        String withoutTags =
                CUT_OFF_TAG.matcher(TAG.matcher(text).replaceAll(" ")).replaceAll(" ");
        // some texts were encoded twice, tags included
        return TAG.matcher(decoded(decoded(withoutTags))).replaceAll(" ");
    }

    private static String decoded(String text) {
        return ENTITY.matcher(text).replaceAll(Markup::replacement);
    }

    private static String replacement(MatchResult entity) {
        String name = entity.group(1);
        int character;
        if (name.startsWith("#x") || name.startsWith("#X")) {
            character = Integer.parseInt(name.substring(2), 16);
        } else if (name.startsWith("#")) {
            character = Integer.parseInt(name.substring(1));
        } else {
            character = NAMED.getOrDefault(name, 0);
        }
        boolean known = character > 0 && Character.isValidCodePoint(character);
        return Matcher.quoteReplacement(known ? Character.toString(character) : entity.group());
    }

    private static Map<String, Integer> named() {
        Map<String, Integer> named = new HashMap<>(Map.of(
                "amp", 0x26, "lt", 0x3c, "gt", 0x3e, "quot", 0x22, "apos", 0x27, "ndash", 0x2013, "mdash", 0x2014));
        named.putAll(Map.of(
                "lsquo", 0x2018, "rsquo", 0x2019, "ldquo", 0x201c, "rdquo", 0x201d, "hellip", 0x2026, "bull", 0x2022,
                "trade", 0x2122, "euro", 0x20ac));
        // the entities of Latin-1, in the order of their characters
        String[] latin = ("nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn"
                        + " sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave"
                        + " Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc"
                        + " Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute"
                        + " THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml"
                        + " igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave"
                        + " uacute ucirc uuml yacute thorn yuml")
                .split(" ", -1);
        for (int i = 0; i < latin.length; i++) {
            named.put(latin[i], 0xa0 + i);
        }
        return named;
    }
}

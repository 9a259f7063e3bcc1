package io.github.recurrent.examples.programs;

import io.github.recurrent.graph.Triple;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.time.temporal.WeekFields;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Currency;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Countries, their languages and currencies, and the world's time zones, as the JDK knows them.
 * Each fact also goes the other way, by a relation whose name begins with {@code ~}.
 */
final class JdkWorld {
  private static final Locale ENGLISH = Locale.ENGLISH;
  private static final Instant WINTER = Instant.parse("2024-01-01T00:00:00Z");
  private static final Instant SUMMER = Instant.parse("2024-07-01T00:00:00Z");

  private JdkWorld() {}

  static Stream<Triple> triples() {
    return Stream.of(countries(), languages(), currencies(), zones()).flatMap(triples -> triples);
  }

  private static Stream<Triple> countries() {
    return Arrays.stream(Locale.getISOCountries())
        .map(code -> new Locale("", code))
        .flatMap(
            country -> {
              DayOfWeek first = WeekFields.of(country).getFirstDayOfWeek();
              Stream<Triple> week =
                  Stream.of(
                      new Triple(
                          country.getDisplayCountry(ENGLISH),
                          "week begins on",
                          first.getDisplayName(TextStyle.FULL, ENGLISH)));
              Currency currency = Currency.getInstance(country);
              return currency == null
                  ? week
                  : Stream.concat(
                      week,
                      Stream.of(
                          new Triple(
                              country.getDisplayCountry(ENGLISH),
                              "currency",
                              currency.getDisplayName(ENGLISH))));
            });
  }

  private static Stream<Triple> languages() {
    return Arrays.stream(Locale.getAvailableLocales())
        .filter(locale -> locale.getCountry().length() == 2 && !locale.getLanguage().isEmpty())
        .flatMap(
            locale -> {
              String language = locale.getDisplayLanguage(ENGLISH) + " language";
              int letter = locale.getDisplayLanguage(locale).codePointAt(0);
              return Stream.of(
                  new Triple(locale.getDisplayCountry(ENGLISH), "language", language),
                  new Triple(language, "script", Character.UnicodeScript.of(letter) + " script"));
            });
  }

  private static Stream<Triple> currencies() {
    return Arrays.stream(Locale.getISOCountries())
        .map(code -> Currency.getInstance(new Locale("", code)))
        .filter(currency -> currency != null)
        .map(
            currency ->
                new Triple(
                    currency.getDisplayName(ENGLISH),
                    "decimals",
                    currency.getDefaultFractionDigits() + " decimals"));
  }

  private static Stream<Triple> zones() {
    return ZoneId.getAvailableZoneIds().stream()
        .sorted()
        .filter(zone -> zone.contains("/") && !zone.startsWith("Etc") && !zone.startsWith("System"))
        .flatMap(
            zone -> {
              ZoneRules rules = ZoneId.of(zone).getRules();
              return Stream.of(
                  new Triple(zone, "region", zone.substring(0, zone.indexOf('/'))),
                  new Triple(zone, "January offset", rules.getOffset(WINTER).getId()),
                  new Triple(zone, "July offset", rules.getOffset(SUMMER).getId()));
            });
  }
}

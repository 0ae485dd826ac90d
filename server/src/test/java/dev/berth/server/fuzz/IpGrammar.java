package dev.berth.server.fuzz;

/** IP addresses as RFC 3986, 3.2.2 writes them, and ports, as regular expressions. */
final class IpGrammar {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final String H16 = "[0-9A-Fa-f]{1,4}";

  static final String IPV4 = OCTET + ("\\." + OCTET).repeat(3);

  private static final String LS32 = "(?:" + H16 + ":" + H16 + "|" + IPV4 + ")";

  static final String IPV6 =
      "(?:"
          + String.join(
                  "|",
                  "(?:H:){6}L",
                  "::(?:H:){5}L",
                  "(?:H)?::(?:H:){4}L",
                  "(?:(?:H:){0,1}H)?::(?:H:){3}L",
                  "(?:(?:H:){0,2}H)?::(?:H:){2}L",
                  "(?:(?:H:){0,3}H)?::H:L",
                  "(?:(?:H:){0,4}H)?::L",
                  "(?:(?:H:){0,5}H)?::H",
                  "(?:(?:H:){0,6}H)?::")
              .replace("H", H16)
              .replace("L", LS32)
          + ")";

  /** Without a 0 of no use. */
  static final String PORT =
      "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3}|0)";

  private IpGrammar() {}
}

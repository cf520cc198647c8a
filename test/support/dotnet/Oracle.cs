using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>
/// Answers what .NET makes of patterns. A case is a line: letters of RegexOptions (imnsx, N for NonBacktracking), pattern
/// and text in hexadecimal UTF-16, separated by tabs. An answer is a line of JSON: the first match and those behind it.
/// </summary>
public static class Oracle
{
    const int MostMatches = 20;

    public static int Main(string[] args)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using (var input = new StreamReader(args[0]))
        using (var output = new StreamWriter(args[1], false, new UTF8Encoding(false)))
        {
            string line;
            while ((line = input.ReadLine()) != null) output.WriteLine(Answer(line.Split('\t'), int.Parse(args[2])));
        }
        return 0;
    }

    static string Answer(string[] fields, int milliseconds)
    {
        try
        {
            var regex = new Regex(Decode(fields[1]), OptionsOf(fields[0]), TimeSpan.FromMilliseconds(milliseconds));
            var matches = new List<string>();
            for (var match = regex.Match(Decode(fields[2])); match.Success && matches.Count < MostMatches; match = match.NextMatch())
                matches.Add(Show(regex, match));
            return "{\"matches\":[" + string.Join(",", matches) + "]}";
        }
        catch (Exception error)
        {
            var kind = error is ArgumentException ? "parse" : error is RegexMatchTimeoutException ? "timeout" : "fault";
            return "{\"error\":\"" + kind + "\",\"message\":" + Quote(error.Message) + "}";
        }
    }

    static RegexOptions OptionsOf(string letters)
    {
        var options = RegexOptions.None;
        if (letters.Contains("i")) options |= RegexOptions.IgnoreCase;
        if (letters.Contains("m")) options |= RegexOptions.Multiline;
        if (letters.Contains("n")) options |= RegexOptions.ExplicitCapture;
        if (letters.Contains("s")) options |= RegexOptions.Singleline;
        if (letters.Contains("x")) options |= RegexOptions.IgnorePatternWhitespace;
        // The compiler's own library does not know NonBacktracking yet.
        if (letters.Contains("N")) options |= (RegexOptions)1024;
        return options;
    }

    static string Show(Regex regex, Match match)
    {
        var groups = new List<string>();
        foreach (int number in regex.GetGroupNumbers())
        {
            var group = match.Groups[number];
            if (number != 0) groups.Add(Quote(regex.GroupNameFromNumber(number)) + ":" + (group.Success ? Quote(group.Value) : "null"));
        }
        return "{\"value\":" + Quote(match.Value) + ",\"index\":" + match.Index + ",\"groups\":{" + string.Join(",", groups) + "}}";
    }

    static string Decode(string hex)
    {
        var text = new StringBuilder(hex.Length / 4);
        for (var i = 0; i < hex.Length; i += 4) text.Append((char)Convert.ToInt32(hex.Substring(i, 4), 16));
        return text.ToString();
    }

    static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var unit in text)
        {
            if (unit < ' ' || unit > '~' || unit == '"' || unit == '\\') quoted.Append("\\u").Append(((int)unit).ToString("x4"));
            else quoted.Append(unit);
        }
        return quoted.Append('"').ToString();
    }
}

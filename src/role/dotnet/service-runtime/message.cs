using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Microsoft.WindowsAzure.ServiceRuntime
{
    /// <summary>A message of reddog-1: one JSON object on a line. What the runtime says is flat: texts, whole numbers, true and false.</summary>
    internal sealed class Message
    {
        private readonly Dictionary<string, string> fields = new Dictionary<string, string>();

        private Message()
        {
        }

        internal string Kind => Text("kind");

        internal string Text(string name) => fields.TryGetValue(name, out var value) ? value : "";

        internal long Number(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

        internal bool Flag(string name) => Text(name) == "true";

        internal static Message Read(string line)
        {
            var message = new Message();
            var at = 0;
            while ((at = line.IndexOf('"', at)) >= 0)
            {
                var name = ReadText(line, ref at);
                at = line.IndexOf(':', at) + 1;
                message.fields[name] = ReadValue(line, ref at);
            }
            return message;
        }

        private static string ReadValue(string line, ref int at)
        {
            while (line[at] == ' ') at++;
            if (line[at] == '"') return ReadText(line, ref at);
            var end = line.IndexOfAny(new[] { ',', '}' }, at);
            var value = line.Substring(at, end - at).Trim();
            at = end;
            return value;
        }

        /// <summary>The text that begins with the quotation mark at `at`, which is then behind it.</summary>
        private static string ReadText(string line, ref int at)
        {
            var text = new StringBuilder();
            for (at++; line[at] != '"'; at++)
            {
                if (line[at] != '\\')
                {
                    text.Append(line[at]);
                    continue;
                }
                at++;
                switch (line[at])
                {
                    case 'n': text.Append('\n'); break;
                    case 'r': text.Append('\r'); break;
                    case 't': text.Append('\t'); break;
                    case 'b': text.Append('\b'); break;
                    case 'f': text.Append('\f'); break;
                    case 'u':
                        text.Append((char)int.Parse(line.Substring(at + 1, 4), NumberStyles.HexNumber));
                        at += 4;
                        break;
                    default: text.Append(line[at]); break;
                }
            }
            at++;
            return text.ToString();
        }

        /// <summary>A text as JSON has it.</summary>
        internal static string Quote(string text)
        {
            var quoted = new StringBuilder("\"");
            foreach (var letter in text)
            {
                if (letter == '"' || letter == '\\') quoted.Append('\\').Append(letter);
                else if (letter < ' ' || char.IsSurrogate(letter)) quoted.Append("\\u").Append(((int)letter).ToString("x4"));
                else quoted.Append(letter);
            }
            return quoted.Append('"').ToString();
        }
    }
}

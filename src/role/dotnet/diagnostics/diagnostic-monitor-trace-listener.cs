using System;
using System.Diagnostics;
using System.IO;
using System.Text;

namespace Microsoft.WindowsAzure.Diagnostics
{
    /// <summary>Traces go to the role's output, from which Diagnostics collects its logs: each line with the level of its event, as of systemd's journal.</summary>
    public class DiagnosticMonitorTraceListener : TraceListener
    {
        private static readonly object Turn = new object();
        private static readonly Stream Output = Console.OpenStandardOutput();
        private readonly StringBuilder begun = new StringBuilder();

        public DiagnosticMonitorTraceListener()
        {
        }

        /// <summary>`initializeData` of a configuration file: it says nothing here.</summary>
        public DiagnosticMonitorTraceListener(string initializeData)
        {
        }

        public override bool IsThreadSafe => true;

        public override void Write(string message)
        {
            lock (begun) begun.Append(message);
        }

        public override void WriteLine(string message)
        {
            lock (begun)
            {
                message = begun + message;
                begun.Clear();
            }
            Send(TraceEventType.Verbose, message);
        }

        public override void TraceEvent(TraceEventCache cache, string source, TraceEventType type, int id, string message)
        {
            if (Filter == null || Filter.ShouldTrace(cache, source, type, id, message, null, null, null)) Send(type, message);
        }

        public override void TraceEvent(
            TraceEventCache cache, string source, TraceEventType type, int id, string format, params object[] args)
        {
            if (Filter == null || Filter.ShouldTrace(cache, source, type, id, format, args, null, null))
                Send(type, args == null ? format : string.Format(format, args));
        }

        public override void TraceEvent(TraceEventCache cache, string source, TraceEventType type, int id) =>
            TraceEvent(cache, source, type, id, "");

        public override void TraceData(TraceEventCache cache, string source, TraceEventType type, int id, object data)
        {
            if (Filter == null || Filter.ShouldTrace(cache, source, type, id, null, null, data, null)) Send(type, $"{data}");
        }

        public override void TraceData(TraceEventCache cache, string source, TraceEventType type, int id, params object[] data)
        {
            if (Filter == null || Filter.ShouldTrace(cache, source, type, id, null, null, null, data))
                Send(type, string.Join(", ", data ?? new object[0]));
        }

        public override void Fail(string message, string detailMessage) =>
            Send(TraceEventType.Error, string.IsNullOrEmpty(detailMessage) ? message : $"{message} {detailMessage}");

        private static void Send(TraceEventType type, string message)
        {
            var text = new StringBuilder();
            foreach (var line in (message ?? "").Split('\n'))
                text.Append('<').Append(JournalLevel(type)).Append('>').Append(line.TrimEnd('\r')).Append('\n');
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            try
            {
                lock (Turn) Output.Write(bytes, 0, bytes.Length);
            }
            catch (IOException)
            {
                // A closed output or a full disk is no fault of who traces.
            }
        }

        private static int JournalLevel(TraceEventType type)
        {
            switch (type)
            {
                case TraceEventType.Critical: return 2;
                case TraceEventType.Error: return 3;
                case TraceEventType.Warning: return 4;
                case TraceEventType.Verbose: return 7;
                default: return 6;
            }
        }
    }
}

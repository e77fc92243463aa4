using System;
using System.Collections.ObjectModel;

namespace Microsoft.WindowsAzure.Diagnostics
{
    public enum LogLevel
    {
        Undefined,
        Critical,
        Error,
        Warning,
        Information,
        Verbose,
    }

    public class DiagnosticDataBufferConfiguration
    {
        public int BufferQuotaInMB { get; set; }

        public TimeSpan ScheduledTransferPeriod { get; set; }
    }

    public class BasicLogsBufferConfiguration : DiagnosticDataBufferConfiguration
    {
        public LogLevel ScheduledTransferLogLevelFilter { get; set; }
    }

    public class WindowsEventLogsBufferConfiguration : BasicLogsBufferConfiguration
    {
        public Collection<string> DataSources { get; } = new Collection<string>();
    }

    public class PerformanceCountersBufferConfiguration : DiagnosticDataBufferConfiguration
    {
        public Collection<PerformanceCounterConfiguration> DataSources { get; } = new Collection<PerformanceCounterConfiguration>();
    }

    public class PerformanceCounterConfiguration
    {
        public string CounterSpecifier { get; set; }

        public TimeSpan SampleRate { get; set; }
    }

    public class DirectoriesBufferConfiguration : DiagnosticDataBufferConfiguration
    {
        public Collection<DirectoryConfiguration> DataSources { get; } = new Collection<DirectoryConfiguration>();
    }

    public class DirectoryConfiguration
    {
        public string Container { get; set; }

        public int DirectoryQuotaInMB { get; set; }

        public string Path { get; set; }
    }

    public class DiagnosticMonitorConfiguration
    {
        /// <summary>MB of the defaults of the original.</summary>
        private const int DefaultQuotaInMB = 4096;

        public TimeSpan ConfigurationChangePollInterval { get; set; } = TimeSpan.FromMinutes(1);

        public int OverallQuotaInMB { get; set; } = DefaultQuotaInMB;

        public BasicLogsBufferConfiguration Logs { get; } = new BasicLogsBufferConfiguration();

        public BasicLogsBufferConfiguration DiagnosticInfrastructureLogs { get; } = new BasicLogsBufferConfiguration();

        public PerformanceCountersBufferConfiguration PerformanceCounters { get; } = new PerformanceCountersBufferConfiguration();

        public WindowsEventLogsBufferConfiguration WindowsEventLog { get; } = new WindowsEventLogsBufferConfiguration();

        public DirectoriesBufferConfiguration Directories { get; } = new DirectoriesBufferConfiguration();
    }

    /// <summary>Dumps of crashes are Windows' own: none are made here.</summary>
    public static class CrashDumps
    {
        public static void EnableCollection(bool enableFullDumps)
        {
        }

        public static void EnableCollectionToDirectory(string directory, bool enableFullDumps)
        {
        }
    }
}

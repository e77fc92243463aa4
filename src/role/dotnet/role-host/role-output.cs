using System;
using System.IO;
using System.Text;

namespace Reddog.RoleHost
{
    /// <summary>Standard output and error of the role: a write that fails, to a closed file or a full disk, throws nothing into the role.</summary>
    internal static class RoleOutput
    {
        private static TextWriter own;

        internal static void Open()
        {
            own = WriterTo(Console.OpenStandardOutput());
            Console.SetOut(own);
            Console.SetError(WriterTo(Console.OpenStandardError()));
        }

        /// <summary>A line of the host's own (G-18).</summary>
        internal static void Say(string line) => own.WriteLine($"[{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ}] {line}");

        private static TextWriter WriterTo(Stream stream) =>
            TextWriter.Synchronized(new Lasting(new Forgiving(stream)) { AutoFlush = true });

        /// <summary>A role that closes Console.Out closes it for nobody.</summary>
        private sealed class Lasting : StreamWriter
        {
            internal Lasting(Stream stream) : base(stream, new UTF8Encoding(false))
            {
            }

            public override void Close()
            {
            }

            protected override void Dispose(bool disposing)
            {
            }
        }

        private sealed class Forgiving : Stream
        {
            private readonly Stream stream;

            internal Forgiving(Stream stream)
            {
                this.stream = stream;
            }

            public override bool CanRead => false;

            public override bool CanSeek => false;

            public override bool CanWrite => true;

            public override long Length => throw new NotSupportedException();

            public override long Position
            {
                get => throw new NotSupportedException();
                set => throw new NotSupportedException();
            }

            public override void Flush()
            {
            }

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count)
            {
                try
                {
                    stream.Write(buffer, offset, count);
                }
                catch (Exception error) when (error is IOException || error is ObjectDisposedException)
                {
                    // Nobody is left to be told.
                }
            }
        }
    }
}

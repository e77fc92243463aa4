using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Web;
using System.Web.Configuration;

namespace Reddog.SiteHost
{
    /// <summary>One connection of w3wp, whose requests come one after the other (HTTP/1.1). w3wp has bounded and checked what it passes on.</summary>
    sealed class Connection
    {
        const int MostHeadBytes = 128 * 1024;
        /// <summary>What of a body of unknown length is held in memory. Origin: requestLengthDiskThreshold of ASP.NET.</summary>
        const int MostInMemoryBytes = 80 * 1024;
        /// <summary>What of a body that nobody has read is taken to keep the connection; a longer one ends it.</summary>
        const int MostLeftBytes = 64 * 1024;
        /// <summary>How long who still sends has for the answer, in ms. Origin: choice; w3wp closes the connection once it has it.</summary>
        const int LingerMs = 2000;
        /// <summary>Requests at once, each with a thread: as many as w3wp has in flight. One whose client has gone is not in flight any more, and keeps
        /// its thread.</summary>
        const int MostAtOnce = 200;
        /// <summary>How long one that has been answered may take to make room, in ms. Origin: choice.</summary>
        const int RoomLimitMs = 1000;

        static readonly SemaphoreSlim room = new SemaphoreSlim(MostAtOnce);

        readonly Socket socket;
        readonly SitePaths site;
        byte[] buffer = new byte[16 * 1024];
        int start, end;

        public Connection(Socket socket, SitePaths site)
        {
            this.socket = socket;
            this.site = site;
        }

        public void Serve()
        {
            try
            {
                while (ServeOne())
                {
                }
                Linger();
            }
            catch (SocketException)
            {
                // w3wp has gone, or its client.
            }
            finally
            {
                socket.Dispose();
            }
        }

        /// <summary>False: the connection takes no other. Nothing but a lost connection gets out: it would end the process, with all of its
        /// sessions.</summary>
        bool ServeOne()
        {
            WorkerRequest request = null;
            var hasRoom = false;
            try
            {
                var head = ReadHead();
                if (head == null) return false;
                hasRoom = room.Wait(RoomLimitMs);
                if (!hasRoom) throw new RefusedException(503, "there are as many requests as may be at once");
                request = new WorkerRequest(site, this, head, BodyOf(head));
                Ending.ServeOn();
                if (Beginning.Ensure(request)) HttpRuntime.ProcessRequest(request);
                request.WaitForEnd();
                SiteDomain.LeaveChangesToTheServer();
                return request.IsWhole && request.Body.Drain(MostLeftBytes);
            }
            catch (Exception fault) when (!(fault is SocketException))
            {
                var refused = fault as RefusedException;
                Console.Error.WriteLine("SiteHost: " + (refused == null ? fault.ToString() : fault.Message));
                if (request == null || !request.HeadersSent()) Refuse(refused == null ? 500 : refused.Status);
                return false;
            }
            finally
            {
                if (request != null) request.Body.Dispose();
                if (hasRoom) room.Release();
            }
        }

        void Refuse(int status)
        {
            var reason = HttpWorkerRequest.GetStatusDescription(status);
            var head = Encoding.ASCII.GetBytes("HTTP/1.1 " + status + " " + reason + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            Send(head, 0, head.Length);
        }

        /// <summary>Who is still sending a body would lose the answer over a connection that is closed on him.</summary>
        void Linger()
        {
            socket.Shutdown(SocketShutdown.Send);
            socket.ReceiveTimeout = LingerMs;
            var clock = Stopwatch.StartNew();
            var rest = new byte[16 * 1024];
            while (clock.ElapsedMilliseconds < LingerMs && socket.Receive(rest) > 0)
            {
            }
        }

        Body BodyOf(Head head)
        {
            var coding = head["Transfer-Encoding"];
            if (coding == null)
            {
                long length;
                return new Body(this, long.TryParse(head["Content-Length"], out length) ? length : 0);
            }
            // ASP.NET takes only bodies whose length is told, and looks at that alone.
            var whole = ReadChunks(MostChunkedBytes());
            head.Replace("Transfer-Encoding", "Content-Length", whole.Length.ToString());
            return new Body(whole);
        }

        Head ReadHead()
        {
            for (var seen = start;;)
            {
                var at = EndOfHead(seen);
                if (at >= 0)
                {
                    var text = Encoding.UTF8.GetString(buffer, start, at - start);
                    start = at + 4;
                    return new Head(text);
                }
                seen = Math.Max(start, end - 3);
                var moved = start;
                if (!Fill()) return null;
                seen -= moved - start;
                if (end - start > MostHeadBytes) throw new RefusedException(400, "the head of a request is too long");
            }
        }

        int EndOfHead(int from)
        {
            for (var at = from; at + 3 < end; at++)
                if (buffer[at] == '\r' && buffer[at + 1] == '\n' && buffer[at + 2] == '\r' && buffer[at + 3] == '\n') return at;
            return -1;
        }

        /// <summary>False at the end of the connection.</summary>
        bool Fill()
        {
            if (start == end) start = end = 0;
            if (end == buffer.Length)
            {
                if (start == 0) Array.Resize(ref buffer, buffer.Length * 2);
                Buffer.BlockCopy(buffer, start, buffer, 0, end - start);
                end -= start;
                start = 0;
            }
            var count = socket.Receive(buffer, end, buffer.Length - end, SocketFlags.None);
            end += count;
            return count > 0;
        }

        static long MostChunkedBytes()
        {
            var runtime = (HttpRuntimeSection)WebConfigurationManager.GetWebApplicationSection("system.web/httpRuntime");
            return runtime.MaxRequestLength * 1024L;
        }

        Stream ReadChunks(long most)
        {
            Stream whole = new MemoryStream();
            try
            {
                ReadChunks(ref whole, most);
                whole.Position = 0;
                return whole;
            }
            catch
            {
                whole.Dispose();
                throw;
            }
        }

        void ReadChunks(ref Stream whole, long most)
        {
            while (true)
            {
                int size;
                if (!int.TryParse(ReadLine().Split(';') [0].Trim(), NumberStyles.AllowHexSpecifier, null, out size) || size < 0)
                    throw new RefusedException(400, "the length of a part of a body cannot be read");
                if (size == 0) break;
                if (size > most - whole.Length) throw new RefusedException(413, "a body is longer than httpRuntime maxRequestLength");
                for (var left = size; left > 0;)
                {
                    if (start == end && !Fill()) throw new RefusedException(400, "a body has ended in the middle");
                    var count = Math.Min(left, end - start);
                    if (whole is MemoryStream && whole.Length + count > MostInMemoryBytes) whole = InFile(whole);
                    whole.Write(buffer, start, count);
                    start += count;
                    left -= count;
                }
                ReadLine();
            }
            while (ReadLine() != "")
            {
            }
        }

        /// <summary>In a file that goes with the stream.</summary>
        static Stream InFile(Stream beginning)
        {
            var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
            var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose);
            beginning.Position = 0;
            beginning.CopyTo(file);
            return file;
        }

        string ReadLine()
        {
            for (var at = start;; at++)
            {
                if (at >= end)
                {
                    if (end - start > MostHeadBytes) throw new RefusedException(400, "a line of a body is too long");
                    at -= start;
                    if (!Fill()) throw new RefusedException(400, "a body has ended in the middle");
                    at += start;
                }
                if (buffer[at] != '\n') continue;
                var line = Encoding.ASCII.GetString(buffer, start, at - start).TrimEnd('\r');
                start = at + 1;
                return line;
            }
        }

        public int Receive(byte[] into, int at, int size)
        {
            if (start == end && size >= buffer.Length) return socket.Receive(into, at, size, SocketFlags.None);
            if (start == end && !Fill()) return 0;
            var count = Math.Min(size, end - start);
            Buffer.BlockCopy(buffer, start, into, at, count);
            start += count;
            return count;
        }

        public void Send(byte[] bytes, int at, int count)
        {
            while (count > 0)
            {
                var sent = socket.Send(bytes, at, count, SocketFlags.None);
                at += sent;
                count -= sent;
            }
        }

        /// <summary>w3wp ends the connection when its client goes.</summary>
        public bool IsOpen
        {
            get {
                try
                {
                    return !(socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0);
                }
                catch (SocketException)
                {
                    return false;
                }
                catch (ObjectDisposedException)
                {
                    return false;
                }
            }
        }
    }

    /// <summary>A request that ASP.NET is not asked.</summary>
    sealed class RefusedException : Exception
    {
        public readonly int Status;

        public RefusedException(int status, string message) : base(message)
        {
            Status = status;
        }
    }

    /// <summary>A request's line and fields.</summary>
    sealed class Head
    {
        public readonly string Method, Url;
        public readonly List<KeyValuePair<string, string>> Fields = new List<KeyValuePair<string, string>>();

        public Head(string text)
        {
            var lines = text.Split(new[] { "\r\n" }, StringSplitOptions.None);
            var words = lines[0].Split(' ');
            if (words.Length != 3) throw new RefusedException(400, "the line of a request cannot be read");
            Method = words[0];
            Url = words[1];
            for (var at = 1; at < lines.Length; at++)
            {
                var colon = lines[at].IndexOf(':');
                if (colon > 0) Fields.Add(new KeyValuePair<string, string>(lines[at].Substring(0, colon), lines[at].Substring(colon + 1).Trim()));
            }
        }

        public string this[string name]
        {
            get
            {
                foreach (var field in Fields)
                    if (string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase)) return field.Value;
                return null;
            }
        }

        public void Replace(string name, string other, string value)
        {
            Fields.RemoveAll(field => string.Equals(field.Key, name, StringComparison.OrdinalIgnoreCase));
            Fields.Add(new KeyValuePair<string, string>(other, value));
        }
    }

    /// <summary>What a request has behind its head.</summary>
    sealed class Body : IDisposable
    {
        readonly Connection connection;
        readonly Stream whole;
        long left;

        public Body(Stream whole)
        {
            this.whole = whole;
        }

        public Body(Connection connection, long length)
        {
            this.connection = connection;
            left = length;
        }

        public int Read(byte[] into, int at, int size)
        {
            if (whole != null) return whole.Read(into, at, size);
            if (left == 0) return 0;
            var count = connection.Receive(into, at, (int)Math.Min(size, left));
            left = count == 0 ? 0 : left - count;
            return count;
        }

        public void Dispose()
        {
            if (whole != null) whole.Dispose();
        }

        /// <summary>Whether the next request can be read behind it.</summary>
        public bool Drain(int most)
        {
            if (left > most) return false;
            var rest = new byte[4096];
            while (left > 0) Read(rest, 0, rest.Length);
            return true;
        }
    }
}

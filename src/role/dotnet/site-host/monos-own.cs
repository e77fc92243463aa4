using System;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.ServiceModel;

namespace Reddog.SiteHost
{
    /// <summary>What Mono keeps to itself.</summary>
    static class MonosOwn
    {
        const BindingFlags members = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

        public static object Field(object of, string name)
        {
            return FieldOf(of.GetType(), name).GetValue(of);
        }

        /// <summary>Throws what the method throws. `of`: an object, or a type for a method of its own.</summary>
        public static object Call(object of, string name, params object[] arguments)
        {
            try
            {
                return MethodOf(of as Type ?? of.GetType(), name).Invoke(of is Type ? null : of, arguments);
            }
            catch (TargetInvocationException fault)
            {
                ExceptionDispatchInfo.Capture(fault.InnerException).Throw();
                throw;
            }
        }

        /// <summary>A type of System.ServiceModel, by its name below that.</summary>
        public static Type TypeOf(string name)
        {
            return typeof(ServiceHost).Assembly.GetType("System.ServiceModel." + name, true);
        }

        public static object Make(string type, params object[] arguments)
        {
            return Activator.CreateInstance(TypeOf(type), members, null, arguments, null);
        }

        public static FieldInfo FieldOf(Type type, string name)
        {
            return type.GetField(name, members) ?? FieldOf(type.BaseType, name);
        }

        static MethodInfo MethodOf(Type type, string name)
        {
            return type.GetMethod(name, members) ?? MethodOf(type.BaseType, name);
        }
    }
}

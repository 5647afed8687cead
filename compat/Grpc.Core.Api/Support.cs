// Two leftovers of the public API: argument checks other libraries call, and the version they may ask for.
using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core
{
    /// <summary>The version whose API this assembly offers.</summary>
    public static class VersionInfo
    {
        /// <summary>The assembly version.</summary>
        public const string CurrentAssemblyVersion = "2.0.0.0";

        /// <summary>The file version.</summary>
        public const string CurrentAssemblyFileVersion = "2.85.0.0";

        /// <summary>The package version.</summary>
        public const string CurrentVersion = "2.85.0";
    }
}

namespace Grpc.Core.Utils
{
    /// <summary>Checks of arguments and state.</summary>
    public static class GrpcPreconditions
    {
        /// <summary>Throws <see cref="ArgumentException"/> unless the condition holds.</summary>
        public static void CheckArgument([DoesNotReturnIf(false)] bool condition)
        {
            if (!condition) throw new ArgumentException(null);
        }

        /// <summary>Throws <see cref="ArgumentException"/> with the message unless the condition holds.</summary>
        public static void CheckArgument([DoesNotReturnIf(false)] bool condition, string errorMessage)
        {
            if (!condition) throw new ArgumentException(errorMessage);
        }

        /// <summary>The reference, or <see cref="ArgumentNullException"/> if it is null.</summary>
        public static T CheckNotNull<T>(T reference) => reference is null ? throw new ArgumentNullException(null) : reference;

        /// <summary>The reference, or <see cref="ArgumentNullException"/> naming the parameter if it is null.</summary>
        public static T CheckNotNull<T>(T reference, string paramName) => reference is null ? throw new ArgumentNullException(paramName) : reference;

        /// <summary>Throws <see cref="InvalidOperationException"/> unless the condition holds.</summary>
        public static void CheckState([DoesNotReturnIf(false)] bool condition)
        {
            if (!condition) throw new InvalidOperationException();
        }

        /// <summary>Throws <see cref="InvalidOperationException"/> with the message unless the condition holds.</summary>
        public static void CheckState([DoesNotReturnIf(false)] bool condition, string errorMessage)
        {
            if (!condition) throw new InvalidOperationException(errorMessage);
        }
    }
}

namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>The state of a <see cref="Place"/>.</summary>
internal enum PlaceState
{
    /// <summary>In the line of its client at this gateway: its next attempt is expected at the time told.</summary>
    Expected,

    /// <summary>The time told has passed without an attempt. The place is out of the line, until the client returns.</summary>
    Late,

    /// <summary>Another gateway refused the last attempt, so the place is in the line there.</summary>
    Elsewhere,

    /// <summary>A slot is kept free for the request, whose body is being read.</summary>
    Granted,

    /// <summary>The request holds a slot and is being checked and stored.</summary>
    Entered,

    /// <summary>The request needs its place no more. The place remains shortly, so that a late message of another gateway does not restore it.</summary>
    Ended,
}

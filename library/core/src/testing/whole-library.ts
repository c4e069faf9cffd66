// Test files of a process share its modules: all of the library is there before the first, whichever that is, as in a cell.
import "../index.ts";
